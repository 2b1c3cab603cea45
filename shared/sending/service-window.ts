import { type Now, toIso } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { conversationId, timeOfId } from '../ids.ts';
import { COALESCE_MS, type ConversationStore, SERVICE_WINDOW_MS } from '../store/conversation-store.ts';
import type { MessageHistory } from '../store/message-history.ts';

type Deps = {
  conversations: Pick<ConversationStore, 'get'>;
  messages: Pick<MessageHistory, 'ofConversation'>;
  now: Now;
};

/** Newest messages that are looked through for the last inbound, in the minute in which the row may be behind. */
const LOOK_BACK = 20;

/**
 * Whether a free reply will be taken: 24 hours from the person's last message or call (meta-cloud-api §1.3).
 * @throws ApiError 409 with the time at which the window closed
 */
export async function requireOpenWindow(deps: Deps, brandId: string, to: string): Promise<void> {
  const lastInbound = Math.max(
    ...(await Promise.all(spellingsOf(to).map((contact) => lastInboundAt(deps, brandId, contact)))),
  );
  const closesAt = lastInbound + SERVICE_WINDOW_MS;
  if (closesAt > deps.now()) return;
  const message =
    lastInbound === 0
      ? 'This person has not written to the brand.'
      : `The service window closed at ${toIso(closesAt)}, 24 hours after the person last wrote.`;
  throw new ApiError('outside_service_window', `${message} Send a template instead.`, {
    errors: [{ pointer: '/to', code: 'window_closed', message }],
  });
}

/** @returns 0 when there was none */
async function lastInboundAt(
  { conversations, messages, now }: Deps,
  brandId: string,
  contact: string,
): Promise<number> {
  const id = conversationId(brandId, contact);
  const at = (await conversations.get(brandId, id))?.lastInboundAt ?? 0;
  const isAtTheEdge = at > 0 && at + SERVICE_WINDOW_MS <= now() && at + SERVICE_WINDOW_MS + COALESCE_MS > now();
  if (!isAtTheEdge) return at;
  // The row is moved up at most once a minute: within that minute of the end the messages themselves are asked.
  const { rows } = await messages.ofConversation(brandId, id, { after: null, limit: LOOK_BACK });
  return Math.max(
    at,
    ...rows.filter(({ direction }) => direction === 'inbound').map(({ messageId }) => timeOfId(messageId)),
  );
}

/**
 * A number as it may stand in WhatsApp: mobile numbers of Brazil, Mexico and Argentina are dialled with or without a
 * digit that WhatsApp leaves out or puts in (meta-cloud-api §7). The recipient itself is never changed.
 */
function spellingsOf(to: string): string[] {
  for (const [country, digit] of [
    [/^(55\d{2})(9?)(\d{8})$/, '9'],
    [/^(52)(1?)(\d{10})$/, '1'],
    [/^(54)(9?)(\d{10})$/, '9'],
  ] as const) {
    const [, head, given, tail] = country.exec(to) ?? [];
    if (head !== undefined) return [to, `${head}${given === '' ? digit : ''}${tail}`];
  }
  return [to];
}
