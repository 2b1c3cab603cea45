import * as z from 'zod';
import type { Now } from '../clock.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { PageQuery, Recipient, Since } from '../http/fields.ts';
import { listPage } from '../http/list.ts';
import { pageOf } from '../http/page.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { conversationId } from '../ids.ts';
import {
  activityAt,
  type Conversation,
  type ConversationStore,
  SERVICE_WINDOW_MS,
} from '../store/conversation-store.ts';
import type { MessageHistory } from '../store/message-history.ts';
import type { StoredPage } from '../store/sharded-list.ts';
import { ConversationView, conversationView } from '../views/conversation-view.ts';

export const ConversationsQuery = PageQuery.extend({
  since: Since.meta({ description: 'The person wrote at this time or later.', example: '2026-11-01T00:00:00Z' }),
  contact: Recipient.optional().meta({
    description: 'Phone number or user id of the person.',
    example: '+15550109999',
  }),
  window: z
    .enum(['open', 'closed'])
    .optional()
    .meta({ description: 'Whether replies are possible now.', example: 'open' }),
});
export type ConversationsQuery = z.output<typeof ConversationsQuery>;

export const ConversationsPage = pageOf('ConversationsPage', ConversationView);

type Deps = {
  conversations: ConversationStore;
  messages: Pick<MessageHistory, 'ofConversation'>;
  cursorKey: () => Promise<string>;
  now: Now;
};

/** GET /conversations */
export const listConversations =
  ({ conversations, messages, cursorKey, now }: Deps) =>
  async ({ brandId, query }: BrandRequest<unknown, unknown, ConversationsQuery>): Promise<ApiResponse> => {
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
