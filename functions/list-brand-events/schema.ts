import { EventsPage, EventsQuery } from '../../shared/brand/list-events.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';

export const contract = {
  operationId: 'brandEvents.list',
  tag: 'Deliveries and history',
  summary: 'List webhook events of a brand',
  description: 'As `GET /webhooks/events` of the external API, for one of your brands.',

  query: EventsQuery.extend({ brand_id: BrandId }),
  responses: { 200: { description: 'A page.', schema: EventsPage } },
  errors: ['brand_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
