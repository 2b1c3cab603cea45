import { ConversationsPage, ConversationsQuery } from '../../shared/brand/list-conversations.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';

export const contract = {
  operationId: 'brandConversations.list',
  tag: 'Deliveries and history',
  summary: 'List conversations of a brand',
  description: 'As `GET /conversations` of the external API, for one of your brands.',

  query: ConversationsQuery.extend({ brand_id: BrandId }),
  responses: { 200: { description: 'A page.', schema: ConversationsPage } },
  errors: ['brand_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
