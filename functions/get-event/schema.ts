import { EventParams } from '../../shared/brand/get-event.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { EventDetail } from '../../shared/views/event-view.ts';

export const contract = {
  operationId: 'events.get',
  tag: 'Webhooks',
  summary: 'Get a webhook event',
  description: 'One event with its body and every attempt to deliver it.',
  params: EventParams,
  responses: { 200: { description: 'The event.', schema: EventDetail } },
  errors: ['event_not_found'],
} as const satisfies EndpointContract;
