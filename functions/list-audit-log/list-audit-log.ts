import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { AuditHistory } from '../../shared/store/audit-history.ts';
import type { AuditEntry } from '../../shared/store/audit-store.ts';
import { auditCsv, auditView } from '../../shared/views/audit-view.ts';
import { AuditPage, type AuditQuery } from './schema.ts';

/** Some 600 bytes each: half of what API Gateway lets through. */
const MAX_CSV_LINES = 5000;

type Deps = { log: AuditHistory; cursorKey: () => Promise<string> };

/** GET /audit-log */
export const listAuditLog =
  ({ log, cursorKey }: Deps) =>
  async ({ organisationId, query }: UserRequest<unknown, unknown, AuditQuery>): Promise<ApiResponse> => {
    const { since, until, format } = query;
    const read = (at: { after: string | null; limit: number }) =>
      log.list(organisationId, { ...at, since, until }, matches(query));
    if (format === 'csv') {
      const { rows } = await read({ after: null, limit: MAX_CSV_LINES });
      const headers = {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': 'attachment; filename="audit-log.csv"',
      };
      return { statusCode: 200, headers, body: auditCsv(rows.map(auditView)) };
    }
    const page = await listPage({ cursorKey, owner: organisationId, resource: 'audit-log' }, query, read, auditView);
    return answer(200, AuditPage, page);
  };

const matches =
  ({ actor, action, target }: AuditQuery) =>
  (entry: AuditEntry): boolean =>
    (action === undefined || entry.action === action) &&
    (target === undefined || entry.target.id === target) &&
    (actor === undefined ||
      entry.actor.id === actor ||
      (entry.actor.kind === 'member' && entry.actor.email === actor.toLowerCase()));
