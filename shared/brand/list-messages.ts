import * as z from 'zod';
import type { BrandRequest } from '../http/brand-request.ts';
import { MessageIdOrWamid, PageQuery, Recipient, Reference, Since, Until } from '../http/fields.ts';
import { listPage } from '../http/list.ts';
import { pageOf } from '../http/page.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { conversationId, firstIdAt } from '../ids.ts';
import { type Message, messageStatus } from '../store/message.ts';
import type { MessageHistory } from '../store/message-history.ts';
import { DIRECTIONS, MESSAGE_STATUSES, MessageView, messageView } from '../views/message-view.ts';

export const MessagesQuery = PageQuery.extend({
  direction: z.enum(DIRECTIONS).optional().meta({ description: 'Only in or only out.', example: 'inbound' }),
  status: z.enum(MESSAGE_STATUSES).optional().meta({ description: 'The status it has now.', example: 'delivered' }),
  type: z
    .string()
    .regex(/^[a-z_]{1,30}$/)
    .optional()
    .meta({ description: 'Type of the content.', example: 'text' }),
  contact: Recipient.optional().meta({
    description: 'Phone number or user id of the person.',
    example: '+15550109999',
  }),
  conversation_id: MessageIdOrWamid.optional().meta({
    description: 'One conversation.',
    example: 'cnv_5f1d7a84db00d2fce00b31a7fc73224f',
  }),
  reference: Reference.optional().meta({ description: 'What you gave with the send.', example: 'signup-4711' }),
  since: Since,
  until: Until,
});
export type MessagesQuery = z.output<typeof MessagesQuery>;

export const MessagesPage = pageOf('MessagesPage', MessageView);

type Deps = { messages: MessageHistory; cursorKey: () => Promise<string> };

/** GET /messages */
export const listMessages =
  ({ messages, cursorKey }: Deps) =>
  async ({ brandId, query }: BrandRequest<unknown, unknown, MessagesQuery>): Promise<ApiResponse> => {
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
