import { ID_PATTERN } from '../ids.ts';
import { toMessageError } from '../meta/meta-errors.ts';
import { Contact, InboundMessage, MessagesValue, StatusUpdate, WebhookBody } from '../meta/webhook-schema.ts';
import { WEBHOOK_STATUSES, type WebhookStatus } from '../store/message-store.ts';
import type { InboundUpdate, Person } from './inbound-update.ts';

export type Normalized = {
  updates: InboundUpdate[];
  /** What could not be read, named by field or kind, to be counted; never its content. */
  skipped: string[];
};

/**
 * Meta's webhook body → the facts in it. Never throws: what is odd is named in `skipped` and spoils nothing else.
 * Routes by `metadata.phone_number_id`; `entry[].id` is the WABA (meta-cloud-api §5.2).
 */
export function normalize(body: unknown): Normalized {
  const parsed = WebhookBody.safeParse(body);
  if (!parsed.success) return { updates: [], skipped: ['body'] };
  const result: Normalized = { updates: [], skipped: [] };
  for (const entry of parsed.data.entry) {
    for (const change of entry.changes) {
      const value = change.field === 'messages' ? MessagesValue.safeParse(change.value) : null;
      if (!value?.success) result.skipped.push(change.field);
      else addMessagesField(result, entry.id, value.data);
    }
  }
  return result;
}

type MessagesFieldValue = ReturnType<typeof MessagesValue.parse>;

function addMessagesField(result: Normalized, wabaId: string, value: MessagesFieldValue): void {
  const phoneNumberId = value.metadata.phone_number_id;
  const contacts = (value.contacts ?? []).flatMap((raw): Contact[] => {
    const contact = Contact.safeParse(raw);
    return contact.success ? [contact.data] : [];
  });
  for (const raw of value.messages ?? []) {
    const update = toMessage(raw, contacts, phoneNumberId, wabaId);
    if (update) result.updates.push(update);
    else result.skipped.push('messages.message');
  }
  for (const raw of value.statuses ?? []) {
    const update = toStatus(raw, contacts, phoneNumberId, wabaId);
    if (update) result.updates.push(update);
    else result.skipped.push('messages.status');
  }
}

function toMessage(raw: unknown, contacts: Contact[], phoneNumberId: string, wabaId: string): InboundUpdate | null {
  const message = InboundMessage.safeParse(raw).data;
  const from = message && toPerson(message.from, message.from_user_id, contacts);
  if (!message || !from) return null;
  const isText = message.type === 'text' && message.text !== undefined;
  return {
    kind: 'message',
    phone_number_id: phoneNumberId,
    waba_id: wabaId,
    wa_message_id: message.id,
    at: message.timestamp * 1000,
    from,
    type: isText ? 'text' : 'unsupported',
    content: isText ? { body: message.text?.body } : { type: message.type },
    reply_to: message.context?.id ?? null,
  };
}

function toStatus(raw: unknown, contacts: Contact[], phoneNumberId: string, wabaId: string): InboundUpdate | null {
  const update = StatusUpdate.safeParse(raw).data;
  if (!update || !isKnownStatus(update.status)) return null;
  const callbackData = update.biz_opaque_callback_data ?? '';
  return {
    kind: 'status',
    phone_number_id: phoneNumberId,
    waba_id: wabaId,
    wa_message_id: update.id,
    at: update.timestamp * 1000,
    status: update.status,
    recipient: toPerson(update.recipient_id, update.recipient_user_id, contacts) ?? NOBODY,
    message_id: ID_PATTERN.message.test(callbackData) ? callbackData : null,
    pricing: update.pricing ?? null,
    conversation: update.conversation ?? null,
    errors: (update.errors ?? []).map(toMessageError),
  };
}

const NOBODY: Person = { phone: null, user_id: null, name: null, username: null };

const isKnownStatus = (status: string): status is WebhookStatus =>
  (WEBHOOK_STATUSES as readonly string[]).includes(status);

/** Some senders of Meta's put a business-scoped user id where the phone number was (meta-cloud-api §2.6). */
const USER_ID = /^[A-Z]{2}\./;

function toPerson(id: string | undefined, userId: string | undefined, contacts: Contact[]): Person | null {
  const isUserId = id !== undefined && USER_ID.test(id);
  const phone = id === undefined || isUserId ? null : id.replace(/\D/g, '') || null;
  const user_id = userId ?? (isUserId ? id : null);
  const contact =
    contacts.find((one) => (phone !== null && one.wa_id === phone) || (user_id !== null && one.user_id === user_id)) ??
    (contacts.length === 1 ? contacts[0] : undefined);
  const person = {
    phone: phone ?? contact?.wa_id ?? null,
    user_id: user_id ?? contact?.user_id ?? null,
    name: contact?.profile?.name ?? null,
    username: contact?.profile?.username ?? null,
  };
  return person.phone === null && person.user_id === null ? null : person;
}
