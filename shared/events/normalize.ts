import { NestedWaba } from '../meta/account-schema.ts';
import { Change, Entry, MetaId, WebhookBody } from '../meta/webhook-schema.ts';
import type { InboundUpdate } from './inbound-update.ts';
import { ACCOUNT_FIELDS } from './normalize-account.ts';
import { type ChangeContext, keptUpdates, rawText } from './normalize-context.ts';
import { readNumberField } from './normalize-number.ts';
import { readTemplate } from './normalize-template.ts';

export type Normalized = {
  updates: InboundUpdate[];
  /** What could not be read or is not known, named by field and reason, to be counted; never its content. */
  skipped: string[];
  /** Something was nested too deep to be kept by itself: the whole body should be. */
  isBodyNeeded: boolean;
};

type FieldReader = (context: ChangeContext, value: Record<string, unknown>) => void;

/** One row per field of Meta's that we know: meta-cloud-api §5.3 to §5.8. */
const FIELDS: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
  ...['messages', 'calls', 'smb_message_echoes', 'message_echoes', 'user_preferences', 'user_id_update'].map(
    (field): [string, FieldReader] => [field, readNumberField],
  ),
  ['message_template_status_update', readTemplate],
  ['message_template_quality_update', readTemplate],
  ['message_template_components_update', readTemplate],
  ['template_category_update', readTemplate],
  ...ACCOUNT_FIELDS,
]);

/**
 * Meta's webhook body → the facts in it. Never throws: what is odd spoils nothing else, and is kept and named.
 * Routes by `metadata.phone_number_id`, partner events by the WABA inside, the rest by `entry[].id` (meta-cloud-api §5.2).
 * @param body as `parseLossless` gives it
 * @param receivedAt stands in where Meta does not tell the time, epoch milliseconds
 */
export function normalize(body: unknown, receivedAt: number): Normalized {
  const result: Normalized = { updates: [], skipped: [], isBodyNeeded: false };
  const nowhere = contextOf(result, { phone_number_id: null, waba_id: null, field: 'body' }, undefined, receivedAt);
  const parsed = WebhookBody.safeParse(body);
  if (!parsed.success) {
    nowhere.keep('unreadable', body);
    return result;
  }
  for (const rawEntry of parsed.data.entry) {
    const entry = Entry.safeParse(rawEntry).data;
    if (!entry) {
      nowhere.keep('unreadable', rawEntry);
      continue;
    }
    for (const rawChange of entry.changes) readChange(result, entry, rawChange, receivedAt);
  }
  return result;
}

function readChange(
  result: Normalized,
  entry: { id?: string | undefined; time?: number | undefined },
  rawChange: unknown,
  receivedAt: number,
): void {
  const change = Change.safeParse(rawChange).data;
  const route = change ? routeOf(entry.id ?? null, change.value) : { phone_number_id: null, waba_id: entry.id ?? null };
  const context = contextOf(result, { ...route, field: change?.field ?? 'change' }, entry.time, receivedAt);
  if (!change) {
    context.keep('unreadable', rawChange);
    return;
  }
  const read = FIELDS.get(change.field);
  if (!read) {
    context.keep('unknown_field', rawChange);
    return;
  }
  const before = { updates: result.updates.length, skipped: result.skipped.length };
  try {
    read(context, change.value);
  } catch {
    // No input should get here; if one does, the others in the body must not pay for it.
    result.updates.length = before.updates;
    result.skipped.length = before.skipped;
    context.keep('unreadable', rawChange);
  }
}

function routeOf(entryId: string | null, value: Record<string, unknown>) {
  const metadata = value.metadata;
  const number = typeof metadata === 'object' && metadata !== null && 'phone_number_id' in metadata ? metadata : null;
  const nested = 'waba_info' in value ? NestedWaba.safeParse(value).data : undefined;
  return {
    phone_number_id: (number && MetaId.safeParse(number.phone_number_id).data) ?? null,
    waba_id: nested?.waba_info.waba_id ?? entryId,
  };
}

function contextOf(
  result: Normalized,
  about: Pick<ChangeContext, 'phone_number_id' | 'waba_id' | 'field'>,
  entryTime: number | undefined,
  receivedAt: number,
): ChangeContext {
  return {
    ...about,
    entryTime,
    receivedAt,
    add: (update) => result.updates.push(update),
    keep: (reason, raw) => {
      // Only names that we know: a name of Meta's becomes a dimension of a metric.
      const isNamed = FIELDS.has(about.field) || about.field === 'body' || about.field === 'change';
      result.skipped.push(`${isNamed ? about.field : 'other'}.${reason}`);
      const text = rawText(raw);
      if (text === null) result.isBodyNeeded = true;
      else result.updates.push(...keptUpdates(text, { ...about, reason, receivedAt }));
    },
  };
}
