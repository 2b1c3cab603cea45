import { createHash } from 'node:crypto';
import { deterministicId } from '../ids.ts';
import { canonicalJson } from '../json.ts';
import { type InboundUpdate, type MessageUpdate, ownerOf } from './inbound-update.ts';

/** Our id of a message that Meta told us of: the same however often it does. */
export const messageUpdateId = (update: Pick<MessageUpdate, 'phone_number_id' | 'at' | 'wa_message_id'>): string =>
  deterministicId('msg', update.at, ['message', update.phone_number_id, update.wa_message_id]);

type Fact = Exclude<InboundUpdate, { kind: 'kept' }>;

/** What makes a fact one fact, however often and in whatever order Meta tells it. Beside it stands Meta's time. */
export function naturalKey(update: Fact): string[] {
  switch (update.kind) {
    case 'message':
      return ['message.received', update.phone_number_id, update.wa_message_id];
    case 'echo':
      return ['message.echoed', update.phone_number_id, update.wa_message_id];
    case 'status': {
      const { participant } = update;
      const member = participant ? [participant.phone ?? '', participant.user_id ?? ''] : [];
      return ['message.status', update.phone_number_id, update.wa_message_id, update.status, ...member];
    }
    case 'call':
      return ['call', update.phone_number_id, update.call_id, update.event, update.status];
    case 'template': {
      const { waba_id, change, template_id, name, language, value, details } = update;
      return ['template', waba_id, change, template_id ?? '', name, language, canonicalJson({ value, details })];
    }
    case 'preference': {
      const { contact, category, value } = update;
      return ['preference', ownerOf(update), contact.phone ?? '', contact.user_id ?? '', category, value];
    }
    case 'id_change':
      return ['id_change', ownerOf(update), update.change, update.natural_key];
    case 'account':
      return ['account', ownerOf(update), update.change, update.event, canonicalJson(update.details)];
  }
}

/** The key under which a fact that is no message is remembered. Where Meta did not tell the time, the same fact counts once. */
export function factKey(update: Fact): string {
  const isTimeKnown = !('is_time_known' in update) || update.is_time_known;
  const parts = [...naturalKey(update), isTimeKnown ? String(update.at) : ''];
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22);
}
