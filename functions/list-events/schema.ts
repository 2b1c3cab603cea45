import * as z from 'zod';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { PageQuery, Since, Until } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { EVENT_STATUSES } from '../../shared/store/event-store.ts';
import { EventView } from '../../shared/views/event-view.ts';

export const EventsQuery = PageQuery.extend({
  status: z.enum(EVENT_STATUSES).optional().meta({ description: 'How the delivery stands.', example: 'failed' }),
  type: z.enum(EVENT_TYPES).optional().meta({ description: 'Type of the event.', example: 'message.received' }),
  since: Since.meta({ description: 'It happened at this time or later.', example: '2026-11-01T00:00:00Z' }),
  until: Until.meta({ description: 'It happened before this time.', example: '2026-12-01T00:00:00Z' }),
});
export type EventsQuery = z.output<typeof EventsQuery>;

export const EventsPage = pageOf('EventsPage', EventView);

export const contract = {
  operationId: 'events.list',
  tag: 'Webhooks',
  summary: 'List webhook events',
  description:
    "The brand's events and how their delivery stands, newest first; kept for 30 days. An event is listed from its first attempt on. A page of a rare filter may be short, or empty, with `has_more` true.",
  query: EventsQuery,
  responses: { 200: { description: 'A page of events.', schema: EventsPage } },
  errors: ['invalid_cursor'],
} as const satisfies EndpointContract;
