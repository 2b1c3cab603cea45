import { EventParams } from '../../shared/brand/get-event.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandQuery } from '../../shared/http/fields.ts';
import { EventDetail } from '../../shared/views/event-view.ts';

export const contract = {
  operationId: 'brandEvents.get',
  tag: 'Deliveries and history',
  summary: 'Get a webhook event of a brand',
  description: 'As in the external API, for one of your brands.',
  params: EventParams,
  query: BrandQuery,
  responses: { 200: { description: 'It.', schema: EventDetail } },
  errors: ['brand_not_found', 'event_not_found'],
} as const satisfies EndpointContract;
