import type { Now } from '../../shared/clock.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStore } from '../../shared/store/event-store.ts';
import { callableEndpoint } from '../../shared/webhooks/callable-endpoint.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';
import { webhookTest } from '../../shared/webhooks/endpoint-events.ts';
import { TestEventView } from './schema.ts';

type Deps = {
  events: EventStore;
  endpoints: EndpointStore;
  connectionOfBrand: (brandId: string) => Promise<Connection | null>;
  enqueue: (delivery: Delivery) => Promise<void>;
  now: Now;
};

/**
 * A signed `webhook.test` on its way to the brand's endpoint, whatever the connection's event filter says: it is asked
 * for. Written down first, so that its id can be looked up at once; retried like any other.
 */
export const sendTestEvent =
  (deps: Deps) =>
  async ({ brandId, requestId }: ApiRequest<unknown>): Promise<ApiResponse> => {
    const connection = await callableEndpoint(deps.endpoints, await deps.connectionOfBrand(brandId));
    const { connectionId } = connection;
    const createdAt = deps.now();
    const event = webhookTest({ brandId, connectionId, at: createdAt, key: requestId });
    const ref = { eventId: event.id, brandId };
    const state = { status: 'pending' as const, run: 1, attempts: [] };
    await deps.events.insert({ ...ref, ...state, connectionId, type: event.type, event, createdAt });
    await deps.enqueue({ kind: 'run', event_id: event.id, brand_id: brandId, run: 1, attempt: 1, even_if_open: true });
    return answer(202, TestEventView, { id: event.id, type: 'webhook.test' });
  };
