import { ConversationsPage, ConversationsQuery } from '../../shared/brand/list-conversations.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';

export const contract = {
  operationId: 'conversations.list',
  tag: 'History',
  summary: 'List conversations',
  description:
    'People who wrote to the brand, the one who wrote last first. A conversation begins with the first message of the person: who only got templates is not listed. One that gets a message while you walk the pages moves to the top and is not shown twice; conversations within the same minute may stand in either order.',
  query: ConversationsQuery,
  responses: { 200: { description: 'A page of conversations.', schema: ConversationsPage } },
  errors: ['invalid_cursor'],
} as const satisfies EndpointContract;
