import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import type { Now } from '../../shared/clock.ts';
import { requireConnection } from '../../shared/dashboard/require-brand.ts';
import type { ConnectionParams } from '../../shared/http/connection-fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStore } from '../../shared/store/event-store.ts';
import { TestEventView } from '../../shared/views/test-event-view.ts';
import { beginTestEvent } from '../../shared/webhooks/begin-test-event.ts';
import { callableEndpoint } from '../../shared/webhooks/callable-endpoint.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';

type Deps = {
  connections: Pick<ConnectionStore, 'ofOrganisation'>;
  endpoints: EndpointStore;
  events: Pick<EventStore, 'insert'>;
  enqueue: (delivery: Delivery) => Promise<void>;
  changes: ChangeLog;
  now: Now;
};

/** POST /whatsapp/connections/{id}/test */
export const testConnection =
  ({ connections, endpoints, changes, ...deps }: Deps) =>
  async (request: UserRequest<unknown, ConnectionParams>): Promise<ApiResponse> => {
    const found = await requireConnection(connections, request.organisationId, request.params.id);
    const connection = await callableEndpoint(endpoints, found);
    const id = await beginTestEvent(deps, connection, { at: deps.now(), key: request.requestId });
    await changes.commit(
      {
        ...byMember(request),
        action: 'connection.tested',
        target: { type: 'connection', id: connection.connectionId },
        brandId: connection.brandId,
        before: null,
        after: { event_id: id },
      },
      [],
    );
    return answer(202, TestEventView, { id, type: 'webhook.test' });
  };
