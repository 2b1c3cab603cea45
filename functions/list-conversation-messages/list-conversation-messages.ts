import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { firstIdAt } from '../../shared/ids.ts';
import type { MessageHistory } from '../../shared/store/message-history.ts';
import { messageView } from '../../shared/views/message-view.ts';
import { ConversationMessagesPage, type ConversationMessagesQuery, type ConversationParams } from './schema.ts';

type Deps = { messages: Pick<MessageHistory, 'ofConversation'>; cursorKey: () => Promise<string> };

/** GET /conversations/{id}/messages: also for a conversation that only has messages of ours. */
export const listConversationMessages =
  ({ messages, cursorKey }: Deps) =>
  async ({
    brandId,
    params: { id },
    query,
  }: ApiRequest<unknown, ConversationParams, ConversationMessagesQuery>): Promise<ApiResponse> => {
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
