import * as z from 'zod';
import { AUDIT_ACTIONS, AUDIT_TARGETS } from '../audit/actions.ts';
import { toIso } from '../clock.ts';
import type { AuditEntry } from '../store/audit-store.ts';

const snapshot = z.record(z.string(), z.unknown()).nullable();

export const AuditView = z
  .object({
    id: z.string().meta({ description: 'Id of the line.', example: 'aud_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    at: z.iso.datetime().meta({ description: 'When.', example: '2026-11-22T10:30:00.000Z' }),
    actor: z
      .object({
        kind: z
          .enum(['member', 'platform', 'system'])
          .meta({ description: 'platform: our people. system: by itself.', example: 'member' }),
        id: z.string().meta({ description: 'Who.', example: 'mem_5f1d7a84db00d2fce00b31a7fc73224f' }),
        email: z.string().nullable().meta({ description: 'The address they had.', example: 'ann@acme.example' }),
      })
      .meta({ description: 'Who did it.' }),
    action: z
      .enum(AUDIT_ACTIONS)
      .meta({ description: 'What was done. New ones may come.', example: 'api_key.created' }),
    target: z
      .object({
        type: z.enum(AUDIT_TARGETS).meta({ description: 'What kind of thing.', example: 'api_key' }),
        id: z.string().meta({ description: 'Its id.', example: 'key_dZ4VJbDi0aB3' }),
      })
      .meta({ description: 'What it was done to.' }),
    brand_id: z
      .string()
      .nullable()
      .meta({ description: 'Of which brand; null for the organisation.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    before: snapshot.meta({ description: 'As it was; null where there was nothing.', example: null }),
    after: snapshot.meta({ description: 'As it is; null where nothing is left.', example: { name: 'Signup service' } }),
    request_id: z
      .string()
      .meta({ description: 'Of the request that did it.', example: '0b8e6d2e-3f0c-4f6d-9a51-6a6d5c1e7f10' }),
  })
  .meta({ id: 'AuditEntry', description: 'One change, and who made it. Secrets are never in it.' });
type AuditView = z.input<typeof AuditView>;

export const auditView = (entry: AuditEntry): AuditView => ({
  id: entry.entryId,
  at: toIso(entry.at),
  actor: {
    kind: entry.actor.kind,
    id: entry.actor.id,
    email: entry.actor.kind === 'member' ? entry.actor.email : null,
  },
  action: entry.action,
  target: entry.target,
  brand_id: entry.brandId,
  before: entry.before,
  after: entry.after,
  request_id: entry.requestId,
});

const COLUMNS: Record<string, (row: AuditView) => string | null> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  actor_kind: ({ actor }) => actor.kind,
  actor_id: ({ actor }) => actor.id,
  actor_email: ({ actor }) => actor.email,
  action: ({ action }) => action,
  target_type: ({ target }) => target.type,
  target_id: ({ target }) => target.id,
  brand_id: ({ brand_id }) => brand_id,
  before: ({ before }) => before && JSON.stringify(before),
  after: ({ after }) => after && JSON.stringify(after),
  request_id: ({ request_id }) => request_id,
};

/** RFC 4180, with a line of names. */
export const auditCsv = (rows: readonly AuditView[]): string =>
  [Object.keys(COLUMNS), ...rows.map((row) => Object.values(COLUMNS).map((column) => column(row) ?? ''))]
    .map((cells) => `${cells.map(cell).join(',')}\r\n`)
    .join('');

/** A cell that a spreadsheet would take for a formula begins with a quote: people choose names of keys and brands. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
