import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { PageQuery, Recipient, Since } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { ConversationView } from '../../shared/views/conversation-view.ts';

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
