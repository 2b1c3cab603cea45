import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';

export const TestEventView = z
  .object({
    id: z.string().meta({ description: 'Id of the event.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    type: z.literal('webhook.test').meta({ description: 'Type of the event.', example: 'webhook.test' }),
  })
  .meta({ id: 'TestEvent', description: 'A test event on its way to your endpoint.' });

export const contract = {
  operationId: 'webhooks.test',
  tag: 'Webhooks',
  summary: 'Send a test event',
  description: 'A signed `webhook.test` to your endpoint, whatever your event filter says. Its attempts are listed.',
  responses: { 202: { description: 'It is on its way.', schema: TestEventView } },
  errors: ['connection_not_found', 'endpoint_disabled'],
} as const satisfies EndpointContract;
