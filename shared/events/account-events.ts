import { toIso } from '../clock.ts';
import type { TenantEvent } from './envelope.ts';
import { naturalKey } from './fact-ids.ts';
import type { AccountUpdate, CallUpdate, IdChangeUpdate, PreferenceUpdate, TemplateUpdate } from './inbound-update.ts';
import { eventOf, numberOf } from './tenant-events.ts';

/** Facts that are no messages and no statuses. Those of a WABA are told to each of its brands. */
export type AccountFact = TemplateUpdate | CallUpdate | PreferenceUpdate | IdChangeUpdate | AccountUpdate;

/**
 * The event of a fact that is no message, for one brand. Several brands may share a WABA: each has an event of its own.
 * @param previousStatus what the template's status was before, where that is known
 */
export function accountEvent(update: AccountFact, brandId: string, previousStatus: string | null): TenantEvent {
  const key = [...naturalKey(update), brandId];
  switch (update.kind) {
    case 'template':
      return eventOf(`template.${update.change}_changed`, update, brandId, templateData(update, previousStatus), key);
    case 'call': {
      const { call_id, direction, person: from, details } = update;
      const data = { call_id, direction, from, to: numberOf(update), at: toIso(update.at), ...details };
      return eventOf(`call.${update.event}`, update, brandId, data, key);
    }
    case 'preference': {
      const { contact, category, value, detail } = update;
      const data = { contact, to: accountOf(update), category, value, detail };
      return eventOf('contact.preference_changed', update, brandId, data, key);
    }
    case 'id_change': {
      const { contact, change, previous, current, detail } = update;
      const data = { contact, to: accountOf(update), change, previous, current, detail };
      return eventOf('contact.id_changed', update, brandId, data, key);
    }
    case 'account': {
      const { change, event, details } = update;
      return eventOf('account.updated', update, brandId, { account: accountOf(update), change, event, details }, key);
    }
  }
}

function templateData(update: TemplateUpdate, previousStatus: string | null) {
  const { waba_id, template_id, name, language, change, value, details } = update;
  const told = {
    status: { status: value, previous_status: previousStatus },
    category: { category: value },
    quality: { quality: value },
    components: {},
  };
  return { waba_id, template_id, name, language, ...told[change], ...details };
}

const accountOf = ({ phone_number_id, waba_id }: Pick<AccountUpdate, 'phone_number_id' | 'waba_id'>) => ({
  phone_number_id,
  waba_id,
});
