import { UserIdUpdate, UserPreference } from '../meta/account-schema.ts';
import type { IdChangeUpdate, PreferenceUpdate } from './inbound-update.ts';
import type { NumberContext } from './normalize-number.ts';
import { identify, toPerson } from './person.ts';

/** An opt-out from marketing messages, or its end: meta-cloud-api §5.8. */
export function toPreference(
  { phone_number_id, waba_id, contacts }: NumberContext,
  raw: unknown,
): PreferenceUpdate | null {
  const preference = UserPreference.safeParse(raw).data;
  const contact = preference && toPerson(preference.wa_id, preference.user_id, contacts);
  if (!preference || !contact) return null;
  const { category, value, detail = null, timestamp: at } = preference;
  return { kind: 'preference', phone_number_id, waba_id, at, contact, category, value, detail };
}

/** WhatsApp's id of a person for this business changed, as it does with their number. */
export function toIdChange({ phone_number_id, waba_id, contacts }: NumberContext, raw: unknown): IdChangeUpdate | null {
  const update = UserIdUpdate.safeParse(raw).data;
  const current = update && identify(update.wa_id, update.user_id.current);
  if (!update || !current?.user_id) return null;
  const contact = toPerson(update.wa_id, update.user_id.current, contacts);
  if (!contact) return null;
  return {
    kind: 'id_change',
    phone_number_id,
    waba_id,
    at: update.timestamp,
    contact: { ...contact, user_id: current.user_id },
    change: 'user_id_changed',
    previous: identify(undefined, update.user_id.previous),
    current,
    natural_key: `${update.user_id.previous ?? ''} ${current.user_id}`,
    detail: update.detail ?? null,
  };
}
