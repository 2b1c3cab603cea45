import * as z from 'zod';
import { AUDIT_ACTIONS } from '../../shared/audit/actions.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { PageQuery, Since, Until } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { AuditView } from '../../shared/views/audit-view.ts';

export const AuditQuery = PageQuery.extend({
  actor: z
    .string()
    .max(300)
    .optional()
    .meta({ description: 'Id or address of who did it.', example: 'ann@acme.example' }),
  action: z.enum(AUDIT_ACTIONS).optional().meta({ description: 'What was done.', example: 'api_key.created' }),
  target: z
    .string()
    .max(300)
    .optional()
    .meta({ description: 'Id of what it was done to.', example: 'key_dZ4VJbDi0aB3' }),
  since: Since,
  until: Until,
  format: z.enum(['json', 'csv']).default('json').meta({
    description: '`csv`: one file with the newest 5,000 lines that match, for a spreadsheet.',
    example: 'json',
  }),
});
export type AuditQuery = z.output<typeof AuditQuery>;

export const AuditPage = pageOf('AuditPage', AuditView);

export const contract = {
  operationId: 'auditLog.list',
  tag: 'Organisation',
  summary: 'List the audit log',
  description: 'Every change, who made it, and how things were before and after; newest first, kept for good.',
  query: AuditQuery,
  responses: { 200: { description: 'A page of the log.', schema: AuditPage, isCsvToo: true } },
  errors: ['invalid_cursor'],
} as const satisfies EndpointContract;
