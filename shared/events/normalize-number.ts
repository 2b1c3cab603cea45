import { ID_PATTERN } from '../ids.ts';
import { toMessageErrors } from '../meta/meta-errors.ts';
import { MessageHead, StatusUpdate as MetaStatus, NumberValue } from '../meta/webhook-schema.ts';
import { WEBHOOK_STATUSES, type WebhookStatus } from '../store/message.ts';
import { messageUpdateId } from './fact-ids.ts';
import type { IdChangeUpdate, InboundUpdate, MessageUpdate, StatusUpdate } from './inbound-update.ts';
import { mediaPath } from './media-path.ts';
import { readContent } from './message-content.ts';
import { toCall, toCallStatus } from './normalize-call.ts';
import { toIdChange, toPreference } from './normalize-contact.ts';
import { type ChangeContext, eachElement } from './normalize-context.ts';
import { contactsOf, identify, NOBODY, type Person, toPerson } from './person.ts';

export type NumberContext = ChangeContext & { contacts: readonly Person[]; ownNumber: string | null };

/**
 * The fields of a number. Which lists are there says what is told, not the name of the field nor the contacts, which
 * come with statuses too (meta-cloud-api §0.10).
 */
export function readNumberField(context: ChangeContext, rawValue: Record<string, unknown>): void {
  const value = NumberValue.parse(rawValue);
  const ownNumber = identify(value.metadata?.display_phone_number, undefined).phone;
  const inContext = { ...context, contacts: contactsOf(value), ownNumber };
  const { phone_number_id } = context;
  const lists = [value.messages, value.statuses, value.calls, value.message_echoes];
  const isCalls = context.field === 'calls';
  const rest = [value.errors, value.user_preferences, value.user_id_update];
  if ([...lists, ...rest].every((list) => list === undefined)) {
    context.keep('unreadable', rawValue);
    return;
  }

  eachElement(context, value.user_preferences, (raw) => toPreference(inContext, raw));
  eachElement(context, value.user_id_update, (raw) => toIdChange(inContext, raw));
  if (phone_number_id === null) {
    for (const list of lists) eachElement(context, list, () => null);
    return;
  }
  const route = { phone_number_id, waba_id: context.waba_id };
  eachElement(context, value.messages, (raw) => toMessage(inContext, route, raw));
  eachElement(context, value.message_echoes, (raw) => toEcho(inContext, route, raw));
  eachElement(context, value.statuses, (raw) =>
    isCalls ? toCallStatus(inContext, route, raw) : toStatus(inContext, route, raw),
  );
  eachElement(context, value.calls, (raw) => toCall(inContext, route, raw, value.errors));
  // Errors beside calls are the calls'; alone they are the number's (meta-cloud-api §5.5).
  const errors = isCalls ? [] : toMessageErrors(value.errors);
  if (errors.length > 0) context.add(accountErrors(context, errors));
}

type NumberRoute = { phone_number_id: string; waba_id: string | null };

function toMessage(context: NumberContext, route: NumberRoute, raw: unknown): InboundUpdate[] | null {
  const message = MessageHead.safeParse(raw).data;
  const from = message && toPerson(message.from, message.from_user_id, context.contacts);
  if (!message || !from) return null;
  const update: MessageUpdate = { kind: 'message', ...written(context, route, message, raw, from), from };
  const change = numberChange(update);
  return change ? [update, change] : [update];
}

/** The message itself is told as `message.received`; that the person has another number is a fact of its own. */
function numberChange(message: MessageUpdate): IdChangeUpdate | null {
  if (message.type !== 'system') return null;
  const { change, previous, current, body } = message.content;
  if (change !== 'number_changed' && change !== 'user_id_changed') return null;
  const { phone_number_id, waba_id, at, from: contact } = message;
  const natural_key = message.wa_message_id;
  return {
    ...{ kind: 'id_change', phone_number_id, waba_id, at, contact, change, natural_key },
    previous: { ...Object(previous) },
    current: { ...Object(current) },
    detail: typeof body === 'string' ? body : null,
  };
}

function toEcho(context: NumberContext, route: NumberRoute, raw: unknown): InboundUpdate | null {
  const message = MessageHead.safeParse(raw).data;
  const to = message && toPerson(message.to, message.to_user_id, context.contacts);
  if (!message || !to) return null;
  return { kind: 'echo', ...written(context, route, message, raw, to), to };
}

/** What stands under a key of its own. */
const under = (raw: unknown, key: string): unknown =>
  typeof raw === 'object' && raw !== null ? Object.entries(raw).find(([name]) => name === key)?.[1] : undefined;

/** What a message is in either direction. */
function written(context: NumberContext, route: NumberRoute, message: MessageHead, raw: unknown, person: Person) {
  const { type, context: quoted, referral } = message;
  const at = message.timestamp;
  const mediaUrl = () => mediaPath(messageUpdateId({ ...route, at, wa_message_id: message.id }));
  const { body, isRead } = readContent(type, under(raw, type), { mediaUrl, from: person });
  if (!isRead)
    context.keep(
      body.type === 'unsupported' && body.content.reason === 'unknown_type' ? 'unknown_type' : 'unreadable',
      raw,
    );
  const target = 'target' in body.content ? body.content.target.wa_message_id : null;
  return {
    ...route,
    at,
    wa_message_id: message.id,
    type: body.type,
    content: { ...body.content },
    reply_to: quoted?.id ?? null,
    refers_to: target ?? quoted?.id ?? null,
    forwarded: quoted?.forwarded === true || quoted?.frequently_forwarded === true,
    frequently_forwarded: quoted?.frequently_forwarded ?? false,
    referral: referral ? toReferral(referral) : null,
    product: quoted?.referred_product ? toProduct(quoted.referred_product) : null,
    group_id: message.group_id ?? null,
    errors: toMessageErrors(message.errors),
  };
}

const toReferral = (referral: NonNullable<MessageHead['referral']>) => ({
  source_type: referral.source_type ?? null,
  source_id: referral.source_id ?? null,
  source_url: referral.source_url ?? null,
  headline: referral.headline ?? null,
  body: referral.body ?? null,
  media_type: referral.media_type ?? null,
  media_url: referral.image_url ?? referral.video_url ?? null,
  thumbnail_url: referral.thumbnail_url ?? null,
  click_id: referral.ctwa_clid ?? null,
  welcome_text: referral.welcome_message?.text ?? null,
});

const toProduct = (product: { catalog_id?: string | undefined; product_retailer_id?: string | undefined }) => ({
  catalog_id: product.catalog_id ?? null,
  product_retailer_id: product.product_retailer_id ?? null,
});

function toStatus(context: NumberContext, route: NumberRoute, raw: unknown): StatusUpdate | null {
  const update = MetaStatus.safeParse(raw).data;
  if (!update || !isKnownStatus(update.status)) return null;
  const callbackData = update.biz_opaque_callback_data ?? '';
  const { recipient_participant_id, recipient_participant_user_id, pricing, conversation } = update;
  const isOfMember = recipient_participant_id !== undefined || recipient_participant_user_id !== undefined;
  return {
    kind: 'status',
    ...route,
    at: update.timestamp,
    wa_message_id: update.id,
    status: update.status,
    recipient: toPerson(update.recipient_id, update.recipient_user_id, context.contacts) ?? NOBODY,
    participant: isOfMember
      ? { ...NOBODY, ...identify(recipient_participant_id, recipient_participant_user_id) }
      : null,
    message_id: ID_PATTERN.message.test(callbackData) ? callbackData : null,
    pricing: pricing
      ? {
          billable: pricing.billable ?? null,
          pricing_model: pricing.pricing_model ?? null,
          type: pricing.type ?? null,
          category: pricing.category ?? null,
        }
      : null,
    conversation: conversation
      ? {
          id: conversation.id ?? null,
          origin: conversation.origin?.type ?? null,
          expires_at: conversation.expiration_timestamp
            ? new Date(conversation.expiration_timestamp).toISOString()
            : null,
        }
      : null,
    errors: toMessageErrors(update.errors),
  };
}

const isKnownStatus = (status: string): status is WebhookStatus =>
  (WEBHOOK_STATUSES as readonly string[]).includes(status);

function accountErrors(context: ChangeContext, errors: ReturnType<typeof toMessageErrors>): InboundUpdate {
  const { phone_number_id, waba_id, entryTime, receivedAt } = context;
  return {
    ...{ kind: 'account', phone_number_id, waba_id, change: 'error', event: 'MESSAGING_ERROR' },
    at: entryTime ?? receivedAt,
    is_time_known: entryTime !== undefined,
    details: { errors },
  };
}
