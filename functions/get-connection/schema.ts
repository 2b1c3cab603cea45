import { ConnectionParams } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { ConnectionDetail } from '../../shared/views/connection-view.ts';

export const contract = {
  operationId: 'connections.get',
  tag: 'Connections',
  summary: 'Look at a connection',
  description: 'The number as Meta showed it, what is known of the token, and the health of the endpoint.',
  params: ConnectionParams,
  responses: { 200: { description: 'The connection.', schema: ConnectionDetail } },
  errors: ['connection_not_found'],
} as const satisfies EndpointContract;
