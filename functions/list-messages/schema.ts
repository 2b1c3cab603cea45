import { MessagesPage, MessagesQuery } from '../../shared/brand/list-messages.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';

export const contract = {
  operationId: 'messages.list',
  tag: 'History',
  summary: 'List messages',
  description:
    "The brand's messages, newest first. Walking all pages shows each message that existed at the start exactly once, also while new ones come in. A page of a rare filter may be short, or empty, with `has_more` true: go on with `next_cursor`.",
  query: MessagesQuery,
  responses: { 200: { description: 'A page of messages.', schema: MessagesPage } },
  errors: ['invalid_cursor'],
} as const satisfies EndpointContract;
