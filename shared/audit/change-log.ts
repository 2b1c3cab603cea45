import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Now } from '../clock.ts';
import type { UserRequest } from '../http/user-handler.ts';
import { newId } from '../ids.ts';
import { SECRET } from '../secret-pattern.ts';
import { type Actor, type AuditEntry, addingEntry } from '../store/audit-store.ts';
import { type Write, writeAll } from '../store/transaction.ts';

/** What is done, by whom, to what. `before` and `after` are what the API shows of it, or the fields that change. */
export type Change = Omit<AuditEntry, 'entryId' | 'at' | 'brandId'> & { brandId?: string };

/** Fields that never go into the log, beside values that are secrets whatever they are called. */
const SECRET_FIELD = /^(secret|signing_secrets?|access_token|token|password|secretHash|pepper)$/i;

/**
 * Writes what people change, together with who changed it: in one transaction, so that there is neither a change
 * without its line in the audit log nor a line without its change.
 */
export function changeLog(client: DynamoDBDocumentClient, auditTableName: string, now: Now) {
  return {
    /**
     * @param writes at most 99, of any tables; none for what is done elsewhere and only noted here
     * @returns which of `writes` did not hold, by their index from 0: nothing is written then; empty when all is
     * @throws Error when the snapshots hold what looks like a secret: a fault of ours, and nothing is written
     */
    commit(change: Change, writes: readonly Write[]): Promise<number[]> {
      refuseSecrets(change);
      const at = now();
      const entry: AuditEntry = { ...change, brandId: change.brandId ?? null, entryId: newId('aud', at), at };
      return writeAll(client, [...writes, addingEntry(auditTableName, entry)]);
    },
  };
}
export type ChangeLog = ReturnType<typeof changeLog>;

/** Who does it, for a change a member asked for. */
export const byMember = ({
  memberId,
  email,
  organisationId,
  requestId,
}: Pick<UserRequest, 'memberId' | 'email' | 'organisationId' | 'requestId'>): {
  actor: Actor;
  organisationId: string;
  requestId: string;
} => ({ actor: { kind: 'member', id: memberId, email }, organisationId, requestId });

function refuseSecrets({ before, after }: Change): void {
  JSON.stringify([before, after], (name, value: unknown) => {
    const isSecret = SECRET_FIELD.test(name) || (typeof value === 'string' && SECRET.test(value));
    if (isSecret && value !== null && value !== undefined) throw new Error(`The audit log was given a secret: ${name}`);
    return value;
  });
}
