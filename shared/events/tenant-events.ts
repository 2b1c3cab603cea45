import { toIso } from '../clock.ts';
import { deterministicId, timeOfId } from '../ids.ts';
import type { Message, Reconciliation } from '../store/message.ts';
import type { TenantEvent } from './envelope.ts';
import type { EventType } from './event-types.ts';
import { messageUpdateId, naturalKey } from './fact-ids.ts';
import type { EchoUpdate, InboundUpdate, MessageUpdate, StatusUpdate } from './inbound-update.ts';
import { identify, type Person } from './person.ts';

/** What a template's OTP button sends by itself: meta-cloud-api §2.3. */
const DID_NOT_REQUEST_CODE = 'DID_NOT_REQUEST_CODE';

/** An event that happened at Meta's time. @param scope who else may have an event of the same fact */
export const eventOf = (
  type: EventType,
  update: Exclude<InboundUpdate, { kind: 'kept' }>,
  brandId: string,
  data: Record<string, unknown>,
  key: readonly string[] = naturalKey(update),
): TenantEvent => ({
  id: deterministicId('evt', update.at, key),
  type,
  version: '1',
  occurred_at: toIso(update.at),
  brand_id: brandId,
  data,
});

/**
 * `message.received`, as on the product page; and where the person says that they asked for no code, that as well.
 * @param refersTo our id of the message it is about, null when we do not have it
 */
export function messageReceived(update: MessageUpdate, brandId: string, refersTo: string | null): TenantEvent[] {
  const to = numberOf(update);
  const data = written(update, refersTo, { from: update.from, to });
  const received = eventOf('message.received', update, brandId, data);
  if (update.type !== 'button' || update.content.payload !== DID_NOT_REQUEST_CODE) return [received];
  const { wa_message_id, message_id, reply_to: otp } = data;
  const key = ['otp.not_requested', update.phone_number_id, update.wa_message_id];
  return [
    received,
    eventOf('otp.not_requested', update, brandId, { wa_message_id, message_id, from: update.from, to, otp }, key),
  ];
}

/** `message.echoed`: written at the business, with the app on the same number. */
export const messageEchoed = (update: EchoUpdate, brandId: string, refersTo: string | null): TenantEvent =>
  eventOf('message.echoed', update, brandId, written(update, refersTo, { from: numberOf(update), to: update.to }));

/** The content as it is told and kept: with our id of the message it is about. */
export function contentOf({ content }: MessageUpdate | EchoUpdate, refersTo: string | null): Record<string, unknown> {
  const { target } = content;
  return typeof target === 'object' && target !== null
    ? { ...content, target: { ...target, message_id: refersTo } }
    : content;
}

function written(update: MessageUpdate | EchoUpdate, refersTo: string | null, people: { from: object; to: object }) {
  const { reply_to, refers_to } = update;
  return {
    wa_message_id: update.wa_message_id,
    message_id: messageUpdateId(update),
    ...people,
    type: update.type,
    content: contentOf(update, refersTo),
    reply_to:
      reply_to === null ? null : { wa_message_id: reply_to, message_id: reply_to === refers_to ? refersTo : null },
    forwarded: update.forwarded,
    frequently_forwarded: update.frequently_forwarded,
    referral: update.referral,
    product: update.product,
    group_id: update.group_id,
    errors: update.errors,
    ...(update.truncated ? { truncated: true } : {}),
  };
}

/** `message.sent`, `.delivered`, `.read`, `.played`, `.failed`. `to` is whom the tenant named, `recipient` whom Meta reached. */
export const messageStatusChanged = (update: StatusUpdate, message: KnownMessage): TenantEvent =>
  eventOf(`message.${update.status}`, update, message.brandId, {
    ...sent(update, message),
    recipient: refOf(update.recipient),
    ...(update.participant ? { participant: refOf(update.participant) } : {}),
    pricing: update.pricing,
    ...(update.conversation ? { conversation: update.conversation } : {}),
    ...(update.status === 'failed' ? { errors: update.errors } : {}),
  });

/**
 * `message.reconciled`: a send whose answer was lost got its outcome. Made of the message alone, so that it is the same
 * whoever tells it.
 */
export const messageReconciled = (message: Message, told: Reconciliation, wabaId: string | null): TenantEvent => ({
  id: deterministicId('evt', timeOfId(message.messageId), ['message.reconciled', message.messageId]),
  type: 'message.reconciled',
  version: '1',
  occurred_at: toIso(told.at),
  brand_id: message.brandId,
  data: {
    wa_message_id: told.waMessageId,
    message_id: message.messageId,
    from: numberOf({ phone_number_id: message.phoneNumberId ?? '', waba_id: wabaId }),
    to: addresseeOf(message, { phone: null, user_id: told.userId }),
    reference: message.reference ?? null,
    ...(message.mode === 'test' ? { mode: 'test' } : {}),
    status: told.status,
    ...(told.errors ? { errors: told.errors } : {}),
  },
});

/** What an event needs of a message; a message whose writer died may have no more. */
type KnownMessage = Pick<Message, 'messageId' | 'brandId' | 'contact' | 'reference' | 'mode'>;

const sent = (update: StatusUpdate, message: KnownMessage) => ({
  wa_message_id: update.wa_message_id,
  message_id: message.messageId,
  from: numberOf(update),
  to: addresseeOf(message, update.recipient),
  reference: message.reference ?? null,
  ...(message.mode === 'test' ? { mode: 'test' } : {}),
});

/** Whom the tenant named, by number or user id, and what Meta adds to it. */
function addresseeOf({ contact }: KnownMessage, recipient: { phone: string | null; user_id: string | null }) {
  const named = identify(contact, undefined);
  return { phone: named.phone ?? recipient.phone, user_id: named.user_id ?? recipient.user_id };
}

const refOf = ({ phone, user_id }: Person) => ({ phone, user_id });

export const numberOf = ({ phone_number_id, waba_id }: { phone_number_id: string; waba_id: string | null }) => ({
  phone_number_id,
  waba_id,
});
