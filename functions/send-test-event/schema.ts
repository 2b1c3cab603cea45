import type { EndpointContract } from '../../shared/http/contract.ts';
import { TestEventView } from '../../shared/views/test-event-view.ts';

export const contract = {
  operationId: 'webhooks.test',
  tag: 'Webhooks',
  summary: 'Send a test event',
  description: 'A signed `webhook.test` to your endpoint, whatever your event filter says. Its attempts are listed.',
  responses: { 202: { description: 'It is on its way.', schema: TestEventView } },
  errors: ['connection_not_found', 'endpoint_disabled'],
} as const satisfies EndpointContract;
