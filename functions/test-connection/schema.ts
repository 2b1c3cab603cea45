import { ConnectionParams } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { TestEventView } from '../../shared/views/test-event-view.ts';

export const contract = {
  operationId: 'connections.test',
  tag: 'Connections',
  summary: 'Send a test event',
  description: 'A signed `webhook.test` to the endpoint, whatever the event filter says. Its attempts are listed.',
  params: ConnectionParams,
  isIdempotent: true,
  responses: { 202: { description: 'It is on its way.', schema: TestEventView } },
  errors: ['connection_not_found', 'endpoint_disabled', 'idempotency_key_reused', 'conflict'],
} as const satisfies EndpointContract;
