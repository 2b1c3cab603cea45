import type { Now } from '../../shared/clock.ts';
import type { TenantEvent } from '../../shared/events/envelope.ts';
import type { InboundUpdate } from '../../shared/events/inbound-update.ts';
import {
  inboundMessageId,
  messageReceived,
  messageReconciled,
  messageStatusChanged,
} from '../../shared/events/tenant-events.ts';
import { conversationId } from '../../shared/ids.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import { isUnresolved, type Message, type MessageStore, timeOfStatus } from '../../shared/store/message-store.ts';

type MessageUpdate = Extract<InboundUpdate, { kind: 'message' }>;
type StatusUpdate = Extract<InboundUpdate, { kind: 'status' }>;

/** Something that happened: the events it makes, and how it is written down. */
export type Fact = {
  connection: Connection;
  events: TenantEvent[];
  /** Written before, and so its events were queued before. */
  isRecorded: boolean;
  /** May be done twice. */
  record: () => Promise<unknown>;
};

type Deps = { messages: MessageStore; now: Now };

export function factOfMessage(
  { messages, now }: Deps,
  update: MessageUpdate,
  connection: Connection,
  recorded: Message | undefined,
): Fact {
  const { brandId } = connection;
  const contact = update.from.phone ?? update.from.user_id ?? '';
  return {
    connection,
    events: [messageReceived(update, brandId, null)],
    isRecorded: recorded !== undefined,
    record: () =>
      messages.insert({
        messageId: inboundMessageId(update),
        brandId,
        direction: 'inbound',
        type: update.type,
        contact,
        contactName: update.from.name,
        conversationId: conversationId(brandId, contact),
        phoneNumberId: update.phone_number_id,
        waMessageId: update.wa_message_id,
        content: update.content,
        createdAt: now(),
      }),
  };
}

/** @param message as it is stored, or its bare identity when its writer died before it could write it */
export function factOfStatus(
  { messages }: Deps,
  update: StatusUpdate,
  connection: Connection,
  message: Message | Pick<Message, 'messageId' | 'brandId'>,
): Fact {
  const stored: Partial<Message> = message;
  const wasUnresolved = isUnresolved(stored);
  const isRecorded = 'direction' in message && timeOfStatus(message, update.status) !== undefined;
  return {
    connection,
    isRecorded,
    events: [messageStatusChanged(update, message), ...(wasUnresolved ? [messageReconciled(update, message)] : [])],
    record: () =>
      messages.recordStatus(
        message,
        update.status,
        update.at,
        {
          waMessageId: update.wa_message_id,
          direction: 'outbound',
          ...(update.status === 'failed' ? { errors: update.errors } : {}),
        },
        { isUnresolved: wasUnresolved },
      ),
  };
}
