import * as z from 'zod';
import type { GraphCall } from '../graph/call.ts';
import { GraphError, unknownObject } from '../graph/error.ts';
import { json, type Reply } from '../http.ts';
import { parseStrictly } from '../messages/validate.ts';
import { buildTemplate, templateError } from './create.ts';
import type { TemplateReviews } from './reviews.ts';
import { GraphTemplate } from './shape.ts';
import type { StoredTemplate, TemplateStore } from './store.ts';

/** Neither is documented; these are the figures people report. */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

/** What GET shows without `fields`: not the reason of a rejection, not quality, not the time (meta-cloud-api §4.1). */
const DEFAULT_FIELDS = ['name', 'parameter_format', 'components', 'language', 'status', 'category', 'id'] as const;

const KNOWN_FIELDS = new Set<string>(Object.keys(GraphTemplate.shape));

const ListQuery = z.looseObject({
  fields: z.string().optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .transform(Number)
    .optional(),
  after: z.string().optional(),
  before: z.string().optional(),
  status: z.string().optional(),
  name: z.string().optional(),
  language: z.string().optional(),
  category: z.string().optional(),
});

type Deps = { templates: TemplateStore; reviews: TemplateReviews; now: () => number; baseUrl: () => string };

/** `/{waba_id}/message_templates` and `/{template_id}`. */
export function templateEndpoints({ templates, reviews, now, baseUrl }: Deps) {
  return {
    list(call: GraphCall): Reply {
      const query = parseStrictly(ListQuery, Object.fromEntries(call.query));
      const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
      const all = templates.list(call.account.wabaId).filter(({ template }) => matches(template, query));
      const after = query.after === undefined ? 0 : positionOf(query.after, call.account.wabaId);
      const before =
        query.before === undefined ? Number.POSITIVE_INFINITY : positionOf(query.before, call.account.wabaId);
      const rest = all.filter(({ position }) => position > after && position < before);
      const page = query.before === undefined ? rest.slice(0, limit) : rest.slice(-limit);
      const [first, last] = [page[0], page.at(-1)];
      const fields = selected(query.fields);
      if (first === undefined || last === undefined) return json(200, { data: [] });
      const pageUrl = (cursor: 'after' | 'before', at: StoredTemplate) => {
        const url = new URL(`${baseUrl()}${call.path}`);
        for (const [name, value] of call.query)
          if (name !== 'after' && name !== 'before') url.searchParams.set(name, value);
        url.searchParams.set(cursor, cursorOf(at));
        return url.href;
      };
      return json(200, {
        data: page.map(({ template }) => project(template, fields)),
        paging: {
          cursors: { before: cursorOf(first), after: cursorOf(last) },
          ...(all.some(({ position }) => position > last.position) ? { next: pageUrl('after', last) } : {}),
          ...(all.some(({ position }) => position < first.position) ? { previous: pageUrl('before', first) } : {}),
        },
      });
    },

    create(call: GraphCall): Reply {
      const template = buildTemplate(call.body, now());
      const { wabaId } = call.account;
      if (templates.byName(wabaId, template.name, template.language) !== undefined) {
        throw templateError(
          2388024,
          'Content in this language already exists',
          'There is already content for this name and language.',
        );
      }
      if (templates.isNameBlocked(wabaId, template.name, template.language, now())) {
        throw templateError(
          2388023,
          'Language is being deleted',
          'New content cannot be added while the old is being deleted.',
        );
      }
      reviews.submit(wabaId, template);
      return json(200, { id: template.id, status: template.status, category: template.category });
    },

    remove(call: GraphCall): Reply {
      const name = call.query.get('name');
      const hsmId = call.query.get('hsm_id');
      if (name === null && hsmId === null) throw new GraphError(100, { message: 'The parameter name is required.' });
      const hits = templates
        .list(call.account.wabaId)
        .filter(({ template }) => (name ?? template.name) === template.name && (hsmId ?? template.id) === template.id);
      if (hits.length === 0)
        throw templateError(2593002, 'Message template not found', 'The template could not be found.');
      if (hits.some(({ template }) => template.status === 'DISABLED')) {
        throw templateError(2388039, 'Status does not allow this', 'A disabled template cannot be deleted.');
      }
      for (const { template, wabaId } of hits) {
        templates.delete(template.id, now());
        reviews.announce(wabaId, { ...template, rejected_reason: 'NONE' }, 'DELETED');
      }
      return json(200, { success: true });
    },

    read(call: GraphCall, id: string): Reply {
      const stored = templates.byId(id);
      if (stored?.wabaId !== call.account.wabaId) throw unknownObject('GET', id);
      return json(200, project(stored.template, selected(call.query.get('fields') ?? undefined)));
    },
  };
}

function matches(template: GraphTemplate, query: z.infer<typeof ListQuery>): boolean {
  return (['status', 'name', 'language', 'category'] as const).every(
    (key) => query[key] === undefined || query[key] === template[key],
  );
}

function selected(fields: string | undefined): readonly string[] {
  if (fields === undefined || fields === '') return DEFAULT_FIELDS;
  const names = fields.split(',').map((field) => field.trim());
  const unknown = names.find((field) => !KNOWN_FIELDS.has(field) && !OPTIONAL_FIELDS.has(field));
  if (unknown !== undefined) throw new GraphError(100, { message: `Tried accessing nonexistent field (${unknown})` });
  return [...new Set([...names, 'id'])];
}

/** Known to Graph, never set by this simulator. */
const OPTIONAL_FIELDS: ReadonlySet<string> = new Set([
  ...['correct_category', 'sub_category', 'health_status', 'source', 'library_template_name', 'display_format'],
  ...['is_primary_device_delivery_only', 'is_sms_fallback_enabled', 'cta_url_link_tracking_opted_out'],
]);

function project(template: GraphTemplate, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(template).filter(([key]) => fields.includes(key)));
}

function cursorOf({ position, wabaId }: StoredTemplate): string {
  return Buffer.from(`${wabaId}:${position}`).toString('base64url');
}

function positionOf(cursor: string, wabaId: string): number {
  const [owner, position] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (owner !== wabaId || position === undefined || !/^\d+$/.test(position)) {
    throw new GraphError(131059, { details: 'The cursor is invalid or has expired. Start again without it.' });
  }
  return Number(position);
}
