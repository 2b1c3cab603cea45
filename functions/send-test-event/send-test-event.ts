import type { Now } from '../../shared/clock.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStore } from '../../shared/store/event-store.ts';
import { TestEventView } from '../../shared/views/test-event-view.ts';
import { beginTestEvent } from '../../shared/webhooks/begin-test-event.ts';
import { callableEndpoint } from '../../shared/webhooks/callable-endpoint.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';

type Deps = {
  events: EventStore;
  endpoints: EndpointStore;
  connectionOfBrand: (brandId: string) => Promise<Connection | null>;
  enqueue: (delivery: Delivery) => Promise<void>;
  now: Now;
};

/** POST /webhooks/test */
export const sendTestEvent =
  (deps: Deps) =>
  async ({ brandId, requestId }: ApiRequest<unknown>): Promise<ApiResponse> => {
    const connection = await callableEndpoint(deps.endpoints, await deps.connectionOfBrand(brandId));
    const id = await beginTestEvent(deps, connection, { at: deps.now(), key: requestId });
    return answer(202, TestEventView, { id, type: 'webhook.test' });
  };
