import * as z from 'zod';
import { AUDIT_ACTIONS, AUDIT_TARGETS } from '../audit/actions.ts';
import type { Write } from './transaction.ts';

/** Whoever did it: a member, somebody of the platform, or the system itself. */
export const Actor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('member'), id: z.string(), email: z.string() }),
  z.object({ kind: z.literal('platform'), id: z.string() }),
  z.object({ kind: z.literal('system'), id: z.string() }),
]);
export type Actor = z.output<typeof Actor>;

const Snapshot = z.record(z.string(), z.json());

/** One line of the audit log. */
export const AuditEntry = z.object({
  organisationId: z.string(),
  /** Sorts by time. */
  entryId: z.string(),
  at: z.number(),
  actor: Actor,
  action: z.enum(AUDIT_ACTIONS),
  target: z.object({ type: z.enum(AUDIT_TARGETS), id: z.string() }),
  brandId: z.string().nullable(),
  /** What was changed, as it was and as it is; null where there was nothing, or is nothing any more. */
  before: Snapshot.nullable(),
  after: Snapshot.nullable(),
  requestId: z.string(),
});
export type AuditEntry = z.output<typeof AuditEntry>;

/** The audit log. Key: organisationId, entryId. Lines are added and never changed. */
export const addingEntry = (tableName: string, entry: AuditEntry): Write => ({
  Put: { TableName: tableName, Item: entry, ConditionExpression: 'attribute_not_exists(entryId)' },
});
