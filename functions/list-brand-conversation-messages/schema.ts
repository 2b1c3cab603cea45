import {
  ConversationMessagesPage,
  ConversationMessagesQuery,
  ConversationParams,
} from '../../shared/brand/list-conversation-messages.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';

export const contract = {
  operationId: 'brandConversations.messages',
  tag: 'Deliveries and history',
  summary: 'List the messages of a conversation of a brand',
  description: 'Both directions, newest first.',
  params: ConversationParams,
  query: ConversationMessagesQuery.extend({ brand_id: BrandId }),
  responses: { 200: { description: 'A page.', schema: ConversationMessagesPage } },
  errors: ['brand_not_found', 'conversation_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
