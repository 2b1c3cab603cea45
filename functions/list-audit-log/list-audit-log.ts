import { ApiError } from '../../shared/errors.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { AuditHistory } from '../../shared/store/audit-history.ts';
import type { AuditEntry } from '../../shared/store/audit-store.ts';
import type { StoredPage } from '../../shared/store/sharded-list.ts';
import { auditCsv, auditView } from '../../shared/views/audit-view.ts';
import { AuditPage, type AuditQuery } from './schema.ts';

/** Some 600 bytes each: half of what API Gateway lets through. */
const MAX_CSV_LINES = 5000;

/** Milliseconds, for what is left after the last look: another look, and the answer. */
const RESERVE_MS = 3000;

type Deps = { log: AuditHistory; cursorKey: () => Promise<string> };

/** GET /audit-log */
export const listAuditLog =
  ({ log, cursorKey }: Deps) =>
  async ({ organisationId, query, remainingMs }: UserRequest<unknown, unknown, AuditQuery>): Promise<ApiResponse> => {
    const { since, until, format } = query;
    const read = (at: { after: string | null; limit: number }) =>
      log.list(organisationId, { ...at, since, until }, matches(query));
    if (format === 'csv') {
      const rows = await newest(read, () => remainingMs() > RESERVE_MS);
      const headers = {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': 'attachment; filename="audit-log.csv"',
      };
      return { statusCode: 200, headers, body: auditCsv(rows.map(auditView)) };
    }
    const page = await listPage({ cursorKey, owner: organisationId, resource: 'audit-log' }, query, read, auditView);
    return answer(200, AuditPage, page);
  };

type Read = (at: { after: string | null; limit: number }) => Promise<StoredPage<AuditEntry>>;

/** @throws ApiError when time is up before all is looked through: a file does not say that its end is missing */
async function newest(read: Read, hasTime: () => boolean): Promise<AuditEntry[]> {
  const rows: AuditEntry[] = [];
  let after: string | null = null;
  do {
    if (after !== null && !hasTime())
      throw new ApiError('invalid_request', 'This is too much for one file. Name a shorter time by since and until.');
    const page: StoredPage<AuditEntry> = await read({ after, limit: MAX_CSV_LINES - rows.length });
    rows.push(...page.rows);
    after = page.last;
  } while (after !== null && rows.length < MAX_CSV_LINES);
  return rows;
}

const matches =
  ({ actor, action, target }: AuditQuery) =>
  (entry: AuditEntry): boolean =>
    (action === undefined || entry.action === action) &&
    (target === undefined || entry.target.id === target) &&
    (actor === undefined ||
      entry.actor.id === actor ||
      (entry.actor.kind === 'member' && entry.actor.email === actor.toLowerCase()));
