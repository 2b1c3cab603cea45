import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { firstIdAt } from '../ids.ts';
import { AuditEntry } from './audit-store.ts';
import type { StoredPage } from './sharded-list.ts';

/** A page that finds too little with its filters ends after so many lines, and the next one goes on from there. */
const MAX_SCANNED = 5000;
const QUERY_LIMIT = 500;

type Bounds = { since?: number | undefined; until?: number | undefined };

/** Reading the audit log. Key: organisationId, entryId, which sorts by time. */
export function auditHistory(client: DynamoDBDocumentClient, tableName: string) {
  return {
    /** The newest first. */
    async list(
      organisationId: string,
      { after, limit, since, until }: { after: string | null; limit: number } & Bounds,
      keep: (entry: AuditEntry) => boolean,
    ): Promise<StoredPage<AuditEntry>> {
      const from = firstIdAt('aud', since ?? 0);
      const ends = [after, until === undefined ? null : firstIdAt('aud', until)].filter((end) => end !== null);
      // Ids are below `~`.
      let below = ends.sort()[0] ?? 'aud_~';
      const rows: AuditEntry[] = [];
      // DynamoDB refuses a range whose end comes first.
      if (below < from) return { rows, last: null };
      for (let scanned = 0; scanned < MAX_SCANNED; ) {
        // BETWEEN includes its ends; the upper one belongs to the page before.
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'organisationId = :organisation AND entryId BETWEEN :from AND :below',
            ExpressionAttributeValues: { ':organisation': organisationId, ':from': from, ':below': below },
            ScanIndexForward: false,
            Limit: QUERY_LIMIT,
          }),
        );
        scanned += Items.length;
        for (const item of Items) {
          const entry = AuditEntry.parse(item);
          if (entry.entryId === below) continue;
          if (keep(entry)) rows.push(entry);
          // Whether more follows is known when it is asked for: the last page may be empty.
          if (rows.length === limit) return { rows, last: entry.entryId };
        }
        const last = Items.at(-1);
        if (!LastEvaluatedKey || !last) return { rows, last: null };
        below = String(last.entryId);
      }
      return { rows, last: below };
    },
  };
}
export type AuditHistory = ReturnType<typeof auditHistory>;
