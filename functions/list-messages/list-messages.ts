import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { conversationId, firstIdAt } from '../../shared/ids.ts';
import type { MessageHistory } from '../../shared/store/message-history.ts';
import { type Message, messageStatus } from '../../shared/store/message-store.ts';
import { messageView } from '../../shared/views/message-view.ts';
import { MessagesPage, type MessagesQuery } from './schema.ts';

type Deps = { messages: MessageHistory; cursorKey: () => Promise<string> };

/** GET /messages */
export const listMessages =
  ({ messages, cursorKey }: Deps) =>
  async ({ brandId, query }: ApiRequest<unknown, unknown, MessagesQuery>): Promise<ApiResponse> => {
    const conversation = query.conversation_id ?? (query.contact && conversationId(brandId, query.contact));
    const bounds = {
      from: query.since === undefined ? undefined : firstIdAt('msg', query.since),
      below: query.until === undefined ? undefined : firstIdAt('msg', query.until),
    };
    const page = await listPage(
      { cursorKey, owner: brandId, resource: 'messages' },
      query,
      (at) =>
        conversation === undefined
          ? messages.list(brandId, { ...at, ...bounds }, matches(query))
          : messages.ofConversation(brandId, conversation, { ...at, ...bounds }, matches(query)),
      messageView,
    );
    return answer(200, MessagesPage, page);
  };

const matches =
  ({ direction, status, type, contact, reference }: MessagesQuery) =>
  (message: Message): boolean =>
    (direction === undefined || message.direction === direction) &&
    (status === undefined || messageStatus(message) === status) &&
    (type === undefined || message.type === type) &&
    (contact === undefined || message.contact === contact) &&
    (reference === undefined || message.reference === reference);
