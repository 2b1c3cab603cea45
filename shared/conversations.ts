import type { Person } from './events/person.ts';
import { conversationId } from './ids.ts';
import { COALESCE_MS, type ConversationStore } from './store/conversation-store.ts';

/** Beyond this many conversations the oldest go: a container must not grow with the people it has heard of. */
const MAX_REMEMBERED = 5000;

export type TouchConversation = (inbound: {
  brandId: string;
  phoneNumberId: string;
  person: Person;
  /** Meta's time, epoch milliseconds. */
  at: number;
}) => Promise<void>;

/**
 * Moves a person's conversation up and opens its service window: on each message and each call of theirs (meta-cloud-api
 * §1.3). A refused write costs as much as one that is made, so a container that wrote less than a minute ago does not ask.
 */
export function conversationToucher(conversations: Pick<ConversationStore, 'touch'>): TouchConversation {
  const touchedAt = new Map<string, number>();
  return async ({ brandId, phoneNumberId, person, at }) => {
    const { phone, user_id: userId, name, username } = person;
    const id = conversationId(brandId, phone ?? userId ?? '');
    if (at <= (touchedAt.get(id) ?? Number.NEGATIVE_INFINITY) + COALESCE_MS) return;
    await conversations.touch({ brandId, conversationId: id, phone, userId, name, username, phoneNumberId, at });
    touchedAt.delete(id);
    touchedAt.set(id, at);
    if (touchedAt.size > MAX_REMEMBERED) touchedAt.delete(touchedAt.keys().next().value as string);
  };
}
