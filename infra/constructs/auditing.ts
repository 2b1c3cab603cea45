import type { DataStack } from '../stacks/data-stack.ts';
import type { ApiFunction } from './api-function.ts';
import { useSecret, useTable } from './grants.ts';

/** What creates writes three things in one transaction: it, its line in the audit log, and its Idempotency-Key. */
export const creating = (data: DataStack): readonly ((fn: ApiFunction) => void)[] => [
  (fn) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning),
  auditing(data),
  (fn) => useTable(fn, 'IDEMPOTENCY_TABLE_NAME', data.idempotency, ['GetItem', 'PutItem']),
];

/** What is changed in no transaction: the Idempotency-Key is reserved before, and gets its answer afterwards. */
export const acting = (data: DataStack): readonly ((fn: ApiFunction) => void)[] => [
  (fn) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning),
  auditing(data),
  (fn) => useTable(fn, 'IDEMPOTENCY_TABLE_NAME', data.idempotency, ['PutItem', 'UpdateItem']),
];

/** What changes something. */
export const auditing = (data: DataStack) => (fn: ApiFunction) =>
  useTable(fn, 'AUDIT_LOG_TABLE_NAME', data.auditLog, ['PutItem']);
