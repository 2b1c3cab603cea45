import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { PageQuery, Since, Until } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { MessageView } from '../../shared/views/message-view.ts';

export const ConversationParams = z.object({
  id: z.string().meta({ description: 'Id of the conversation.', example: 'cnv_5f1d7a84db00d2fce00b31a7fc73224f' }),
});
export type ConversationParams = z.output<typeof ConversationParams>;

export const ConversationMessagesQuery = PageQuery.extend({ since: Since, until: Until });
export type ConversationMessagesQuery = z.output<typeof ConversationMessagesQuery>;

export const ConversationMessagesPage = pageOf('ConversationMessagesPage', MessageView);

export const contract = {
  operationId: 'conversations.messages',
  tag: 'History',
  summary: 'List the messages of a conversation',
  description: 'Both directions, newest first.',
  params: ConversationParams,
  query: ConversationMessagesQuery,
  responses: { 200: { description: 'A page of messages.', schema: ConversationMessagesPage } },
  errors: ['conversation_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
