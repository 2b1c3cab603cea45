import { ApiError } from '../errors.ts';
import type { Connection } from '../store/connection-store.ts';
import type { EndpointStore } from '../store/endpoint-store.ts';

/**
 * For what a tenant asks for by itself: replays, recoveries, test events.
 * @throws ApiError connection_not_found, or endpoint_disabled when nobody would be called
 */
export async function callableEndpoint(endpoints: EndpointStore, connection: Connection | null): Promise<Connection> {
  if (connection?.status !== 'active')
    throw new ApiError('connection_not_found', 'The brand has no active WhatsApp connection.');
  if (connection.webhookUrl === null)
    throw new ApiError('endpoint_disabled', 'The connection has no webhook endpoint.');
  const { state } = await endpoints.get(connection);
  if (state === 'disabled') throw new ApiError('endpoint_disabled', 'The webhook endpoint is disabled.');
  return connection;
}
