import { expect, test } from '@jest/globals';
import { listAuditLog } from '../../../functions/list-audit-log/list-audit-log.ts';
import type { AuditQuery } from '../../../functions/list-audit-log/schema.ts';
import type { UserRequest } from '../../../shared/http/user-handler.ts';
import type { AuditHistory } from '../../../shared/store/audit-history.ts';
import type { AuditEntry } from '../../../shared/store/audit-store.ts';

/** Lines of one look, as `audit-history.ts` looks through them. */
const LOOK = 5000;

const entry = (index: number): AuditEntry => ({
  ...{ organisationId: 'org_1', entryId: `aud_${index}`, at: index, brandId: null, requestId: 'request' },
  ...{ actor: { kind: 'system', id: 'test' }, target: { type: 'api_key', id: `key_${index}` } },
  ...{ action: 'api_key.revoked', before: null, after: null },
});

/** A log of so many lines, the newest first; `list` looks through 5,000 at a time. */
function logOf(lines: number): AuditHistory & { looks: number } {
  return {
    looks: 0,
    async list(_, { after }, keep) {
      this.looks += 1;
      const first = after === null ? 0 : Number(after);
      const last = Math.min(first + LOOK, lines);
      const rows = Array.from({ length: last - first }, (__, index) => entry(first + index)).filter(keep);
      return { rows, last: last < lines ? String(last) : null };
    },
  };
}

const csvOf = (log: AuditHistory, query: Partial<AuditQuery>, remainingMs: number) =>
  listAuditLog({ log, cursorKey: async () => 'key' })({
    organisationId: 'org_1',
    query: { format: 'csv', limit: 25, ...query },
    remainingMs: () => remainingMs,
  } as UserRequest<unknown, unknown, AuditQuery>);
const linesOf = (body: string | undefined) => (body ?? '').trim().split('\r\n').slice(1);

test('a line that matches is in the file, however many that do not are newer', async () => {
  const log = logOf(12_000);
  const { body } = await csvOf(log, { target: 'key_11999' }, 20_000);
  expect(linesOf(body)).toHaveLength(1);
  expect(log.looks).toBe(3);
});

test('a file whose end would be missing is refused, and says what to do', async () => {
  await expect(csvOf(logOf(12_000), { target: 'key_11999' }, 1000)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('since and until'),
  });
  expect(linesOf((await csvOf(logOf(100), {}, 1000)).body)).toHaveLength(100);
});
