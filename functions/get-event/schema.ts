import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { EventDetail } from '../../shared/views/event-view.ts';

export const EventParams = z.object({
  id: z.string().meta({ description: 'Id of the event.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
});
export type EventParams = z.output<typeof EventParams>;

export const contract = {
  operationId: 'events.get',
  tag: 'Webhooks',
  summary: 'Get a webhook event',
  description: 'One event with its body and every attempt to deliver it.',
  params: EventParams,
  responses: { 200: { description: 'The event.', schema: EventDetail } },
  errors: ['event_not_found'],
} as const satisfies EndpointContract;
