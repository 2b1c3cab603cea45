import { toIso } from '../clock.ts';
import { deterministicId, timeOfId } from '../ids.ts';
import type { Message } from '../store/message-store.ts';
import type { TenantEvent } from './envelope.ts';
import type { InboundUpdate } from './inbound-update.ts';

type MessageUpdate = Extract<InboundUpdate, { kind: 'message' }>;
type StatusUpdate = Extract<InboundUpdate, { kind: 'status' }>;

/** Our id of a message a person wrote: the same however often Meta tells of it. */
export const inboundMessageId = (update: MessageUpdate): string =>
  deterministicId('msg', update.at, ['message', update.phone_number_id, update.wa_message_id]);

/** `message.received`, as on the product page. */
export const messageReceived = (update: MessageUpdate, brandId: string, replyTo: string | null): TenantEvent => ({
  id: deterministicId('evt', update.at, ['message.received', update.phone_number_id, update.wa_message_id]),
  type: 'message.received',
  version: '1',
  occurred_at: toIso(update.at),
  brand_id: brandId,
  data: {
    wa_message_id: update.wa_message_id,
    message_id: inboundMessageId(update),
    from: update.from,
    to: { phone_number_id: update.phone_number_id, waba_id: update.waba_id },
    type: update.type,
    content: update.content,
    reply_to: update.reply_to === null ? null : { wa_message_id: update.reply_to, message_id: replyTo },
  },
});

/** `message.sent`, `.delivered`, `.read`, `.played`, `.failed`. `to` is whom the tenant named, `recipient` whom Meta reached. */
export const messageStatusChanged = (update: StatusUpdate, message: KnownMessage): TenantEvent => ({
  id: deterministicId('evt', update.at, [
    'message.status',
    update.phone_number_id,
    update.wa_message_id,
    update.status,
  ]),
  type: `message.${update.status}`,
  version: '1',
  occurred_at: toIso(update.at),
  brand_id: message.brandId,
  data: {
    wa_message_id: update.wa_message_id,
    message_id: message.messageId,
    from: { phone_number_id: update.phone_number_id, waba_id: update.waba_id },
    to: { phone: message.contact ?? update.recipient.phone, user_id: update.recipient.user_id },
    reference: message.reference ?? null,
    recipient: { phone: update.recipient.phone, user_id: update.recipient.user_id },
    pricing: update.pricing,
    ...(update.conversation ? { conversation: update.conversation } : {}),
    ...(update.status === 'failed' ? { errors: update.errors } : {}),
  },
});

/** `message.reconciled`: a send whose answer was lost got its outcome. Once for each message, whichever
 * status comes first: the id is made of the message's alone. */
export const messageReconciled = (update: StatusUpdate, message: KnownMessage): TenantEvent => ({
  id: deterministicId('evt', timeOfId(message.messageId), ['message.reconciled', message.messageId]),
  type: 'message.reconciled',
  version: '1',
  occurred_at: toIso(update.at),
  brand_id: message.brandId,
  data: {
    wa_message_id: update.wa_message_id,
    message_id: message.messageId,
    from: { phone_number_id: update.phone_number_id, waba_id: update.waba_id },
    to: { phone: message.contact ?? update.recipient.phone, user_id: update.recipient.user_id },
    reference: message.reference ?? null,
    status: update.status,
    ...(update.status === 'failed' ? { errors: update.errors } : {}),
  },
});

/** What an event needs of a message; a message whose writer died may have no more. */
type KnownMessage = Pick<Message, 'messageId' | 'brandId' | 'contact' | 'reference'>;
