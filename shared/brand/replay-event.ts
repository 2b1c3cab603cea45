import * as z from 'zod';
import { ApiError } from '../errors.ts';
import { EVENT_TYPES } from '../events/event-types.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { ID_PATTERN } from '../ids.ts';
import type { Connection } from '../store/connection-store.ts';
import type { EndpointStore } from '../store/endpoint-store.ts';
import type { EventStore, StoredEvent } from '../store/event-store.ts';
import { callableEndpoint } from '../webhooks/callable-endpoint.ts';
import { attemptsOfRun } from '../webhooks/carry-on.ts';
import type { Delivery, RunDelivery } from '../webhooks/delivery.ts';

const id = z.string().meta({ description: 'Id of the event.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' });

export const ReplayParams = z.object({ id });
export type ReplayParams = z.output<typeof ReplayParams>;

export const ReplayView = z
  .object({
    id,
    type: z.enum(EVENT_TYPES).meta({ description: 'Type of the event.', example: 'message.received' }),
    run: z.number().meta({ description: 'The run the attempt belongs to, from 1.', example: 2 }),
    attempt: z.number().meta({ description: 'Its number in that run, from 1.', example: 1 }),
  })
  .meta({ id: 'Replay', description: 'An attempt that is made now.' });

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
  async ({ brandId, params: { id: eventId } }: BrandRequest<unknown, ReplayParams>): Promise<ApiResponse> => {
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
