import type { Now } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { EventStore, StoredEvent } from '../../shared/store/event-store.ts';
import type { Delivery, ExhaustedDelivery, FreshDelivery, LadderStep } from '../../shared/webhooks/delivery.ts';
import type { makeAttempt } from './attempt.ts';
import { LadderEnded } from './ladder-ended.ts';

type Deps = {
  events: EventStore;
  connectionOf: (connectionId: string) => Promise<Connection | null>;
  attempt: ReturnType<typeof makeAttempt>;
  /** Starts the ladder of a run. Starting it twice is the same as once: its name is event and run. */
  startLadder: (step: LadderStep) => Promise<void>;
  /** Hands an event to the queue whose messages come to rest in the dead-letter queue. */
  giveUp: (exhausted: ExhaustedDelivery) => Promise<void>;
  now: Now;
};

/**
 * One message of the queue `deliveries`: the first attempt of a run. Returning takes the message off the queue, throwing
 * leaves it there. What is decided is written first and acted on second, so whoever comes after a crash finds the
 * decision and acts on it again.
 * @param receiveCount how often SQS has handed out this message: beyond 1 there may be traces of an earlier try
 */
export const deliverFromQueue = (deps: Deps) => async (delivery: Delivery, receiveCount: number) => {
  if (delivery.kind === 'fresh') await deliverFresh(deps, delivery, receiveCount);
  else await deliverRun(deps, delivery);
};

async function deliverFresh(deps: Deps, { event, connection_id }: FreshDelivery, receiveCount: number): Promise<void> {
  const ref = { brandId: event.brand_id, eventId: event.id };
  const earlier = receiveCount > 1 ? await deps.events.get(ref) : null;
  if (earlier) return carryOn(deps, earlier);

  const connection = await callable(deps, connection_id);
  const made = connection && (await deps.attempt(event, connection, { run: 1, number: 1 }));
  const item = {
    ...ref,
    connectionId: connection_id,
    type: event.type,
    event,
    run: 1,
    status: made ? made.status : ('held' as const),
    attempts: made ? [made.attempt] : [],
    createdAt: deps.now(),
  };
  if (await deps.events.insert(item)) return carryOn(deps, { ...item, brandShard: '', expiresAt: 0 });

  // A second copy of the event, faster than this one, has written it down.
  if (made?.status === 'delivered') await deps.events.markDelivered(ref);
  const faster = await deps.events.get(ref);
  if (faster) await carryOn(deps, faster);
}

async function deliverRun(deps: Deps, { event_id, brand_id, run }: Extract<Delivery, { kind: 'run' }>): Promise<void> {
  const stored = await deps.events.get({ brandId: brand_id, eventId: event_id });
  if (!stored || stored.run !== run) return;
  if (stored.status !== 'pending') return carryOn(deps, stored);
  const connection = await callable(deps, stored.connectionId);
  // Left on the queue: the endpoint may come back while SQS still hands the message out, and the dead-letter queue is there if not.
  if (!connection) throw new Error('There is no endpoint to send to');
  const { attempt, status } = await deps.attempt(stored.event, connection, { run, number: 1 });
  if (await deps.events.recordAttempt(stored, attempt, status))
    await carryOn(deps, withAttempt(stored, attempt, status));
}

/**
 * One rung of the ladder.
 * @returns the next rung
 * @throws LadderEnded when there is none; anything else is our own fault, and Step Functions tries the same rung again
 */
export const deliverFromLadder =
  (deps: Deps) =>
  async (step: LadderStep): Promise<LadderStep> => {
    const stored = await deps.events.get({ brandId: step.brand_id, eventId: step.event_id });
    if (!stored || stored.run !== step.run) throw new LadderEnded('superseded');
    const isMade = attemptsOfRun(stored) >= step.attempt;
    const current = isMade ? stored : await climb(deps, stored, step.attempt);
    if (current.status === 'retrying') return nextStep(current, deps.now());
    await carryOn(deps, current);
    throw new LadderEnded(current.status);
  };

/** Makes the attempt and writes it down. */
async function climb(deps: Deps, stored: StoredEvent, number: number): Promise<StoredEvent> {
  if (stored.status !== 'retrying') return stored;
  const connection = await callable(deps, stored.connectionId);
  if (!connection) throw new Error('There is no endpoint to send to');
  const { attempt, status } = await deps.attempt(stored.event, connection, { run: stored.run, number });
  if (!(await deps.events.recordAttempt(stored, attempt, status))) throw new LadderEnded('superseded');
  return withAttempt(stored, attempt, status);
}

/** Does what the state of an event asks for; all of it may be done twice. */
async function carryOn(deps: Deps, event: StoredEvent): Promise<void> {
  if (event.status === 'retrying') await deps.startLadder(nextStep(event, deps.now()));
  if (event.status !== 'failed' || event.parkedAs !== undefined) return;
  const { eventId: event_id, brandId: brand_id, run } = event;
  logger.warn('delivery.exhausted', { event_id, brand_id, run, attempts: attemptsOfRun(event) });
  count('DeliveryExhausted');
  await deps.giveUp({ event_id, brand_id, run });
}

async function callable(deps: Deps, connectionId: string): Promise<Connection | null> {
  const connection = await deps.connectionOf(connectionId);
  return connection?.webhookUrl && connection.status === 'active' ? connection : null;
}

const attemptsOfRun = ({ attempts, run }: StoredEvent): number => attempts.filter((one) => one.run === run).length;

const withAttempt = (
  event: StoredEvent,
  attempt: StoredEvent['attempts'][number],
  status: StoredEvent['status'],
): StoredEvent => ({ ...event, status, attempts: [...event.attempts, attempt] });

function nextStep(event: StoredEvent, nowMs: number): LadderStep {
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
