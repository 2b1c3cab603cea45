import {
  ConversationMessagesPage,
  ConversationMessagesQuery,
  ConversationParams,
} from '../../shared/brand/list-conversation-messages.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';

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
