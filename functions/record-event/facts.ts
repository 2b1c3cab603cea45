import type { Now } from '../../shared/clock.ts';
import type { TouchConversation } from '../../shared/conversations.ts';
import type { TenantEvent } from '../../shared/events/envelope.ts';
import { messageUpdateId } from '../../shared/events/fact-ids.ts';
import type { EchoUpdate, MessageUpdate, StatusUpdate } from '../../shared/events/inbound-update.ts';
import {
  contentOf,
  messageEchoed,
  messageReceived,
  messageReconciled,
  messageStatusChanged,
} from '../../shared/events/tenant-events.ts';
import { conversationId } from '../../shared/ids.ts';
import { type MediaCopy, mediaIdOf } from '../../shared/media/media-copy.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import { isUnresolved, type Message, timeOfStatus } from '../../shared/store/message.ts';
import type { MessageStore } from '../../shared/store/message-store.ts';

/** Something that happened: the events it makes, and how it is written down. */
export type Fact = {
  events: { connection: Connection; event: TenantEvent }[];
  /** Written before, and so its events were queued before. */
  isRecorded: boolean;
  /** May be done twice. */
  record: () => Promise<unknown>;
};

type Deps = {
  messages: Pick<MessageStore, 'insert' | 'recordStatus' | 'reconcile'>;
  touchConversation: TouchConversation;
  /** Resolves when it is safely queued. */
  copyMedia: (copy: MediaCopy) => Promise<void>;
  now: Now;
};

/**
 * A message a person wrote, or one that was written at the business with the app on the same number.
 * @param refersTo our id of the message it is about
 */
export function factOfMessage(
  { messages, touchConversation, copyMedia, now }: Deps,
  update: MessageUpdate | EchoUpdate,
  connection: Connection,
  recorded: Message | undefined,
  refersTo: string | null,
): Fact {
  const { brandId } = connection;
  const isInbound = update.kind === 'message';
  const person = isInbound ? update.from : update.to;
  const contact = person.phone ?? person.user_id ?? '';
  const events = isInbound ? messageReceived(update, brandId, refersTo) : [messageEchoed(update, brandId, refersTo)];
  return {
    events: events.map((event) => ({ connection, event })),
    isRecorded: recorded !== undefined,
    record: async () => {
      const { phone_number_id: phoneNumberId, at } = update;
      // First: a message that is written is not looked at again.
      if (isInbound) await touchConversation({ brandId, phoneNumberId, person, at });
      const mediaId = isInbound ? mediaIdOf(update.content) : null;
      if (mediaId !== null) {
        const of = { brand_id: brandId, message_id: messageUpdateId(update), phone_number_id: phoneNumberId };
        await copyMedia({ ...of, media_id: mediaId, type: update.type });
      }
      await messages.insert({
        messageId: messageUpdateId(update),
        brandId,
        direction: isInbound ? 'inbound' : 'outbound',
        type: update.type,
        contact,
        contactName: person.name,
        contactUsername: person.username,
        contactUserId: person.user_id,
        conversationId: conversationId(brandId, contact),
        phoneNumberId,
        waMessageId: update.wa_message_id,
        content: contentOf(update, refersTo),
        replyTo: update.reply_to,
        createdAt: now(),
        ...(isInbound ? {} : { sentAt: update.at }),
      });
    },
  };
}

/** @param message as it is stored; its bare identity when its writer died before it could write it */
export async function factOfStatus(
  { messages }: Pick<Deps, 'messages'>,
  update: StatusUpdate,
  connection: Connection,
  message: Message | Pick<Message, 'messageId' | 'brandId'>,
): Promise<Fact> {
  const stored = 'direction' in message ? message : null;
  const unresolved = stored && isUnresolved(stored) ? stored : null;
  const { wa_message_id: waMessageId, status, at } = update;
  const errors = status === 'failed' ? { errors: update.errors } : {};
  const events = [messageStatusChanged(update, message)];
  if (unresolved) {
    const outcome = { status, at, waMessageId, userId: update.recipient.user_id, ...errors };
    const told = await messages.reconcile(unresolved, outcome);
    events.push(messageReconciled(unresolved, told, connection.wabaId));
  }
  return {
    events: events.map((event) => ({ connection, event })),
    isRecorded: stored !== null && timeOfStatus(stored, status) !== undefined,
    record: () =>
      messages.recordStatus(
        message,
        status,
        at,
        { waMessageId, direction: 'outbound', ...errors },
        { isUnresolved: unresolved !== null },
      ),
  };
}
