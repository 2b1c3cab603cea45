import type { Now } from '../clock.ts';
import { logger } from '../logger.ts';
import { count } from '../metrics.ts';
import type { EventStore, StoredEvent } from '../store/event-store.ts';
import type { makeAttempt } from './attempt.ts';
import type { Delivery, ExhaustedDelivery, LadderStep } from './delivery.ts';
import type { EndpointGate } from './endpoint-gate.ts';
import type { InFlightLimit } from './in-flight.ts';
import type { KnownConnections } from './known-connections.ts';

export type DeliveryDeps = {
  events: EventStore;
  connections: KnownConnections;
  gate: EndpointGate;
  inFlight: InFlightLimit;
  attempt: ReturnType<typeof makeAttempt>;
  /** Hands a message to the slow lane, at once or to be seen after a while; null where this is the slow lane. */
  divert: ((delivery: Delivery, delaySeconds?: number) => Promise<void>) | null;
  /** Starts the ladder of a run. Starting it twice is the same as once: its name is event and run. */
  startLadder: (step: LadderStep) => Promise<void>;
  /** Hands an event to the queue whose messages come to rest in the dead-letter queue. */
  giveUp: (exhausted: ExhaustedDelivery) => Promise<void>;
  now: Now;
};

/** Does what the state of an event asks for; all of it may be done twice. */
export async function carryOn(deps: Pick<DeliveryDeps, 'startLadder' | 'giveUp' | 'now'>, event: StoredEvent) {
  if (event.status === 'retrying') await deps.startLadder(nextStep(event, deps.now()));
  if (event.status !== 'failed' || event.parkedAs !== undefined) return;
  const { eventId: event_id, brandId: brand_id, run } = event;
  logger.warn('delivery.exhausted', { event_id, brand_id, run, attempts: attemptsOfRun(event) });
  count('DeliveryExhausted');
  await deps.giveUp({ event_id, brand_id, run, exhausted_at: deps.now() });
}

export const attemptsOfRun = ({ attempts, run }: Pick<StoredEvent, 'attempts' | 'run'>): number =>
  attempts.filter((one) => one.run === run).length;

export const withAttempt = (
  event: StoredEvent,
  attempt: StoredEvent['attempts'][number],
  status: StoredEvent['status'],
): StoredEvent => ({ ...event, status, attempts: [...event.attempts, attempt] });

/** The rung that follows the last attempt. */
export function nextStep(event: StoredEvent, nowMs: number): LadderStep {
  const dueAt = event.attempts.at(-1)?.nextAttemptAt ?? nowMs;
  return {
    event_id: event.eventId,
    brand_id: event.brandId,
    run: event.run,
    attempt: attemptsOfRun(event) + 1,
    // Up, never down: an attempt may come late but not early.
    wait_seconds: Math.max(0, Math.ceil((dueAt - nowMs) / 1000)),
  };
}
