import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toSeconds } from '../clock.ts';
import { EVENT_TYPES } from '../events/event-types.ts';
import { conditionHolds } from './conditional.ts';
import type { StoredPage } from './sharded-list.ts';
import type { Write } from './transaction.ts';

/** As long as the events it was about: contract §7. */
const RECOVERY_TTL_SECONDS = 30 * 24 * 60 * 60;

export const RECOVERABLE_STATUSES = ['failed', 'held', 'delivered'] as const;

export const RecoveryFilter = z.object({
  statuses: z.array(z.enum(RECOVERABLE_STATUSES)),
  types: z.array(z.enum(EVENT_TYPES)).nullable(),
  /** Times of the events, both included. */
  since: z.number(),
  until: z.number(),
});
export type RecoveryFilter = z.output<typeof RecoveryFilter>;

/** running → completed, cancelled (by the tenant) or stopped (its endpoint was disabled) */
export const Recovery = z.object({
  recoveryId: z.string(),
  brandId: z.string(),
  connectionId: z.string(),
  status: z.enum(['running', 'completed', 'cancelled', 'stopped']),
  filter: RecoveryFilter,
  ratePerSecond: z.number(),
  /** Counted when it began; not exact when there were too many to count. */
  total: z.number(),
  isTotalExact: z.boolean(),
  enqueued: z.number(),
  /** Events up to this id have been looked at. */
  lookedAtUpTo: z.string().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  expiresAt: z.number(),
});
export type Recovery = z.output<typeof Recovery>;

type Ref = Pick<Recovery, 'brandId' | 'recoveryId'>;

/** Bulk recoveries of a brand. Key: brandId, recoveryId. */
export function recoveryStore(client: DynamoDBDocumentClient, tableName: string) {
  const whileRunning = (
    { brandId, recoveryId }: Ref,
    expression: string,
    values: Record<string, unknown>,
    condition = '',
  ) => ({
    Update: {
      TableName: tableName,
      Key: { brandId, recoveryId },
      UpdateExpression: expression,
      ConditionExpression: `#status = :running${condition}`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':running': 'running', ...values },
    },
  });
  const ending = (recovery: Ref, status: Exclude<Recovery['status'], 'running'>, now: number) =>
    whileRunning(recovery, 'SET #status = :status, endedAt = :now', { ':status': status, ':now': now });
  const holds = ({ Update }: ReturnType<typeof whileRunning>): Promise<boolean> =>
    conditionHolds(client.send(new UpdateCommand(Update)));

  return {
    async get({ brandId, recoveryId }: Ref): Promise<Recovery | null> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { brandId, recoveryId }, ConsistentRead: true }),
      );
      return Item ? Recovery.parse(Item) : null;
    },
    async running(brandId: string): Promise<Recovery[]> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'brandId = :brand',
          FilterExpression: '#status = :running',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':brand': brandId, ':running': 'running' },
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => Recovery.parse(item));
    },
    /** The newest first. */
    async list(
      brandId: string,
      { after, limit }: { after: string | null; limit: number },
    ): Promise<StoredPage<Recovery>> {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: after === null ? 'brandId = :brand' : 'brandId = :brand AND recoveryId < :after',
          ExpressionAttributeValues: { ':brand': brandId, ...(after === null ? {} : { ':after': after }) },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      const rows = Items.map((item) => Recovery.parse(item));
      return { rows, last: LastEvaluatedKey ? (rows.at(-1)?.recoveryId ?? null) : null };
    },
    async insert(recovery: Omit<Recovery, 'expiresAt'>): Promise<void> {
      const expiresAt = toSeconds(recovery.createdAt) + RECOVERY_TTL_SECONDS;
      await client.send(new PutCommand({ TableName: tableName, Item: { ...recovery, expiresAt } }));
    },
    /** @returns false when it is not running any more, or another turn was faster */
    progress: (before: Recovery, lookedAtUpTo: string | null, more: number): Promise<boolean> =>
      holds(
        whileRunning(
          before,
          'SET lookedAtUpTo = :upTo, enqueued = :enqueued',
          { ':upTo': lookedAtUpTo, ':enqueued': before.enqueued + more, ':asRead': before.lookedAtUpTo },
          ' AND lookedAtUpTo = :asRead',
        ),
      ),
    /** Does not hold when it has ended before. */
    ending: ending satisfies (...end: Parameters<typeof ending>) => Write,
    /** @returns false when it has ended before */
    end: (...end: Parameters<typeof ending>): Promise<boolean> => holds(ending(...end)),
  };
}
export type RecoveryStore = ReturnType<typeof recoveryStore>;
