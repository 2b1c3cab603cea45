import * as z from 'zod';
import { ApiError } from '../errors.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { PageQuery, Since, Until } from '../http/fields.ts';
import { listPage } from '../http/list.ts';
import { pageOf } from '../http/page.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { firstIdAt } from '../ids.ts';
import type { MessageHistory } from '../store/message-history.ts';
import { MessageView, messageView } from '../views/message-view.ts';

export const ConversationParams = z.object({
  id: z.string().meta({ description: 'Id of the conversation.', example: 'cnv_5f1d7a84db00d2fce00b31a7fc73224f' }),
});
export type ConversationParams = z.output<typeof ConversationParams>;

export const ConversationMessagesQuery = PageQuery.extend({ since: Since, until: Until });
export type ConversationMessagesQuery = z.output<typeof ConversationMessagesQuery>;

export const ConversationMessagesPage = pageOf('ConversationMessagesPage', MessageView);

type Deps = { messages: Pick<MessageHistory, 'ofConversation'>; cursorKey: () => Promise<string> };

/** GET /conversations/{id}/messages: also for a conversation that only has messages of ours. */
export const listConversationMessages =
  ({ messages, cursorKey }: Deps) =>
  async ({
    brandId,
    params: { id },
    query,
  }: BrandRequest<unknown, ConversationParams, ConversationMessagesQuery>): Promise<ApiResponse> => {
    const bounds = {
      from: query.since === undefined ? undefined : firstIdAt('msg', query.since),
      below: query.until === undefined ? undefined : firstIdAt('msg', query.until),
    };
    const page = await listPage(
      { cursorKey, owner: brandId, resource: `messages of ${id}` },
      query,
      (at) => messages.ofConversation(brandId, id, { ...at, ...bounds }),
      messageView,
    );
    if (page.data.length === 0 && !(await exists(messages, brandId, id)))
      throw new ApiError('conversation_not_found', 'The brand has no conversation of this id.');
    return answer(200, ConversationMessagesPage, page);
  };

/** An empty page may also be the end of a list, or a time in which nothing was said. */
const exists = async (messages: Deps['messages'], brandId: string, id: string): Promise<boolean> =>
  (await messages.ofConversation(brandId, id, { after: null, limit: 1 })).rows.length > 0;
