import { EventsPage, EventsQuery } from '../../shared/brand/list-events.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';

export const contract = {
  operationId: 'events.list',
  tag: 'Webhooks',
  summary: 'List webhook events',
  description:
    "The brand's events and how their delivery stands, newest first; kept for 30 days. An event is listed from its first attempt on, or from when it is held; a test event at once. A page of a rare filter may be short, or empty, with `has_more` true.",
  query: EventsQuery,
  responses: { 200: { description: 'A page of events.', schema: EventsPage } },
  errors: ['invalid_cursor'],
} as const satisfies EndpointContract;
