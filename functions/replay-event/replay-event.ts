import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { ID_PATTERN } from '../../shared/ids.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStore, StoredEvent } from '../../shared/store/event-store.ts';
import { callableEndpoint } from '../../shared/webhooks/callable-endpoint.ts';
import { attemptsOfRun } from '../../shared/webhooks/carry-on.ts';
import type { Delivery, RunDelivery } from '../../shared/webhooks/delivery.ts';
import { type ReplayParams, ReplayView } from './schema.ts';

type Deps = {
  events: EventStore;
  endpoints: EndpointStore;
  connectionOf: (connectionId: string) => Promise<Connection | null>;
  /** Resolves when the attempt is safely on the slow lane. */
  enqueue: (delivery: Delivery) => Promise<void>;
};

/**
 * Delivers an event once more: a delivered or failed one begins a further run with a new ladder; of one that is still
 * under way the next attempt is brought forward. The same call twice asks for the same attempt.
 */
export const replayEvent =
  (deps: Deps) =>
  async ({ brandId, params: { id: eventId } }: ApiRequest<unknown, ReplayParams>): Promise<ApiResponse> => {
    const stored = ID_PATTERN.event.test(eventId) ? await deps.events.get({ brandId, eventId }) : null;
    if (!stored) throw new ApiError('event_not_found', 'The brand has no such event.');
    await callableEndpoint(deps.endpoints, await deps.connectionOf(stored.connectionId));

    const next = nextAttempt(stored);
    await deps.enqueue({ kind: 'run', event_id: eventId, brand_id: brandId, ...next, even_if_open: true });
    return answer(202, ReplayView, { id: eventId, type: stored.event.type, run: next.run, attempt: next.attempt });
  };

function nextAttempt(stored: StoredEvent): Pick<RunDelivery, 'run' | 'attempt' | 'after'> {
  const { run, status } = stored;
  if (status === 'delivered' || status === 'failed') return { run: run + 1, attempt: 1, after: status };
  return { run, attempt: attemptsOfRun(stored) + 1 };
}
