import { byMember } from '../../shared/audit/change-log.ts';
import type { CreateOnce } from '../../shared/audit/create-once.ts';
import type { Now } from '../../shared/clock.ts';
import { requireConnection } from '../../shared/dashboard/require-brand.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ConnectionParams } from '../../shared/http/connection-fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { parseJson } from '../../shared/json.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStore } from '../../shared/store/event-store.ts';
import { TestEventView } from '../../shared/views/test-event-view.ts';
import { firstRun, testEvent } from '../../shared/webhooks/begin-test-event.ts';
import { callableEndpoint } from '../../shared/webhooks/callable-endpoint.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';

type Deps = {
  connections: Pick<ConnectionStore, 'ofOrganisation'>;
  endpoints: EndpointStore;
  events: Pick<EventStore, 'inserting'>;
  enqueue: (delivery: Delivery) => Promise<void>;
  create: CreateOnce;
  now: Now;
};

/** POST /whatsapp/connections/{id}/test: the event and its line in the audit log in one transaction, then the queue. */
export const testConnection =
  ({ connections, endpoints, events, enqueue, create, now }: Deps) =>
  async (request: UserRequest<unknown, ConnectionParams>): Promise<ApiResponse> => {
    const found = await requireConnection(connections, request.organisationId, request.params.id);
    const connection = await callableEndpoint(endpoints, found);
    const response = await create(
      request,
      async () => {
        const event = testEvent(connection, { at: now(), key: request.requestId }, now());
        return {
          change: {
            ...byMember(request),
            action: 'connection.tested',
            target: { type: 'connection', id: connection.connectionId },
            brandId: connection.brandId,
            before: null,
            after: { event_id: event.eventId },
          },
          writes: [events.inserting(event)],
          response: answer(202, TestEventView, { id: event.eventId, type: 'webhook.test' }),
        };
      },
      () => new ApiError('conflict', 'The same event was begun at the same moment.'),
    );
    // For a repetition, too: whoever wrote the event down may have died before he queued it.
    const { id: eventId } = TestEventView.parse(parseJson(response.body));
    await enqueue(firstRun({ eventId, brandId: connection.brandId }));
    return response;
  };
