import type { Now } from '../../shared/clock.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { conversationId } from '../../shared/ids.ts';
import {
  activityAt,
  type Conversation,
  type ConversationStore,
  SERVICE_WINDOW_MS,
} from '../../shared/store/conversation-store.ts';
import type { MessageHistory } from '../../shared/store/message-history.ts';
import type { StoredPage } from '../../shared/store/sharded-list.ts';
import { conversationView } from '../../shared/views/conversation-view.ts';
import { ConversationsPage, type ConversationsQuery } from './schema.ts';

type Deps = {
  conversations: ConversationStore;
  messages: Pick<MessageHistory, 'ofConversation'>;
  cursorKey: () => Promise<string>;
  now: Now;
};

/** GET /conversations */
export const listConversations =
  ({ conversations, messages, cursorKey, now }: Deps) =>
  async ({ brandId, query }: ApiRequest<unknown, unknown, ConversationsQuery>): Promise<ApiResponse> => {
    const nowMs = now();
    const bounds = boundsOf(query, nowMs);
    const ofContact = async (contact: string): Promise<StoredPage<Conversation>> => {
      const row = await conversations.get(brandId, conversationId(brandId, contact));
      const isWithin = row && row.lastActivity >= (bounds.from ?? '') && row.lastActivity < (bounds.below ?? '~');
      return { rows: isWithin ? [row] : [], last: null };
    };
    const { contact } = query;
    const page = await listPage(
      { cursorKey, owner: brandId, resource: 'conversations' },
      query,
      (at) => (contact === undefined ? conversations.list(brandId, { ...at, ...bounds }) : ofContact(contact)),
      (row) => row,
    );
    const data = await Promise.all(
      page.data.map(async (row) => {
        const newest = await messages.ofConversation(brandId, row.conversationId, { after: null, limit: 1 });
        return conversationView(row, newest.rows[0], nowMs);
      }),
    );
    return answer(200, ConversationsPage, { ...page, data });
  };

/** The window is open for a day after the last inbound, which is what the list is ordered by: a bound, not a filter. */
function boundsOf({ since, window }: ConversationsQuery, nowMs: number): { from?: string; below?: string } {
  const opensAt = nowMs - SERVICE_WINDOW_MS + 1;
  const from = Math.max(since ?? 0, window === 'open' ? opensAt : 0);
  return {
    ...(from > 0 ? { from: activityAt(from) } : {}),
    ...(window === 'closed' ? { below: activityAt(opensAt) } : {}),
  };
}
