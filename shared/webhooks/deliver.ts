import { logger } from '../logger.ts';
import type { EndpointRef } from '../store/endpoint-store.ts';
import type { StoredEvent } from '../store/event-store.ts';
import { endsCalls } from './attempt.ts';
import { attemptsOfRun, carryOn, type DeliveryDeps, nextStep, withAttempt } from './carry-on.ts';
import {
  BEGUN_DELAY_SECONDS,
  type Delivery,
  type FreshDelivery,
  type LadderStep,
  type RunDelivery,
} from './delivery.ts';
import type { Target } from './known-connections.ts';
import { LadderEnded } from './ladder-ended.ts';

/**
 * One message of the queues `deliveries` and `slow-deliveries`. Returning takes the message off the queue, throwing
 * leaves it there. What is decided is written first and acted on second, so whoever comes after a crash finds the
 * decision and acts on it again.
 * @param receiveCount how often SQS has handed out this message: beyond 1 there may be traces of an earlier try
 */
export const deliverFromQueue = (deps: DeliveryDeps) => async (delivery: Delivery, receiveCount: number) => {
  if (delivery.kind === 'fresh') await deliverFresh(deps, delivery, receiveCount);
  else await deliverRun(deps, delivery);
};

async function deliverFresh(deps: DeliveryDeps, delivery: FreshDelivery, receiveCount: number): Promise<void> {
  const { event } = delivery;
  const mayBeWritten = receiveCount > 1 || delivery.is_begun;
  const earlier = mayBeWritten ? await deps.events.get({ brandId: event.brand_id, eventId: event.id }) : null;
  if (earlier) return carryOn(deps, earlier);
  const { divert } = deps;
  if (!divert) return attemptFresh(deps, delivery);

  // An endpoint that hangs does not hold a slot of the fast lane: the attempt goes on as long as the container lives, and
  // the slow lane looks later whether it came to an end.
  const handedOver = Promise.withResolvers<void>();
  const whole = attemptFresh(deps, delivery, () => {
    divert({ ...delivery, is_begun: true }, BEGUN_DELAY_SECONDS).then(handedOver.resolve, (error: unknown) =>
      logger.warn('delivery.not_handed_over', error as Error),
    );
  });
  return Promise.race([whole, handedOver.promise]);
}

/** @param onHang called when the attempt takes so long that somebody else should care for the event, too */
async function attemptFresh(deps: DeliveryDeps, delivery: FreshDelivery, onHang?: () => void): Promise<void> {
  const { event, connection_id: connectionId } = delivery;
  const ref = { brandId: event.brand_id, eventId: event.id };
  const endpoint = { connectionId, brandId: event.brand_id };
  const made = await attemptUnlessHeld(deps, endpoint, { event, run: 1, number: 1, isWanted: false, onHang });
  if (made === 'divert') return deps.divert?.(delivery);
  if (made.status === 'held') await deps.gate.willHold(endpoint, occurredAt(event));
  const item = {
    ...ref,
    connectionId,
    type: event.type,
    event,
    run: 1,
    status: made.status,
    attempts: made.attempt ? [made.attempt] : [],
    createdAt: deps.now(),
  };
  if (await deps.events.insert(item)) return carryOn(deps, { ...item, brandShard: '', expiresAt: 0 });

  // A second copy of the event, faster than this one, has written it down.
  if (made.status === 'delivered') await deps.events.markDelivered(ref);
  const faster = await deps.events.get(ref);
  if (faster) await carryOn(deps, faster);
}

async function deliverRun(deps: DeliveryDeps, delivery: RunDelivery): Promise<void> {
  const { run, attempt: number, even_if_open: isWanted } = delivery;
  const stored = await atItsRun(deps, delivery);
  if (!stored || stored.run !== run) return;
  const isDue = ['pending', 'held', 'retrying'].includes(stored.status) && attemptsOfRun(stored) === number - 1;
  if (!isDue) return carryOn(deps, stored);

  const made = await attemptUnlessHeld(deps, stored, {
    event: stored.event,
    run,
    number,
    isWanted,
    // Its ladder waits for a later rung, goes on from there, and ends in its own way.
    isOnLadder: stored.status === 'retrying',
  });
  if (made === 'divert') return deps.divert?.(delivery);
  if (made.status === 'held') {
    // On a ladder it is the ladder that finds out.
    if (stored.status === 'retrying') return;
    await deps.gate.willHold(stored, occurredAt(stored.event));
  }
  if (!made.attempt) {
    if (stored.status === 'pending') await deps.events.hold(stored);
    return;
  }
  if (await deps.events.recordAttempt(stored, made.attempt, made.status))
    return carryOn(deps, withAttempt(stored, made.attempt, made.status));
  if (made.status === 'delivered') await deps.events.markDelivered(stored);
}

/**
 * @returns the event, its run begun if this delivery is to begin it; null when a recovery is to do so and somebody else
 * has: that one's own message is in the queue
 */
async function atItsRun({ events }: DeliveryDeps, delivery: RunDelivery): Promise<StoredEvent | null> {
  const { started_by: startedBy } = delivery;
  const ref = { brandId: delivery.brand_id, eventId: delivery.event_id };
  let stored = await events.get(ref);
  if (stored?.run === delivery.run - 1 && stored.status === delivery.after) {
    await events.startNextRun(ref, stored.run, stored.status, startedBy);
    stored = await events.get(ref);
  }
  return startedBy === undefined || stored?.startedBy === startedBy ? stored : null;
}

/**
 * One rung of the ladder.
 * @returns the next rung
 * @throws LadderEnded when there is none; anything else is our own fault, and Step Functions tries the same rung again
 */
export const deliverFromLadder =
  (deps: DeliveryDeps) =>
  async (step: LadderStep): Promise<LadderStep> => {
    const stored = await deps.events.get({ brandId: step.brand_id, eventId: step.event_id });
    if (!stored) throw new LadderEnded('superseded');
    const current = stored.run === step.run ? await climb(deps, stored, step.attempt) : null;
    if (current?.status === 'retrying') return nextStep(current, deps.now());
    await deps.gate.ladderEnded(stored);
    if (current) await carryOn(deps, current);
    throw new LadderEnded(current?.status ?? 'superseded');
  };

/** Makes the attempt and writes it down, unless it was made before. @returns null when the run is not the event's any more */
async function climb(deps: DeliveryDeps, stored: StoredEvent, number: number): Promise<StoredEvent | null> {
  if (stored.status !== 'retrying' || attemptsOfRun(stored) >= number) return stored;
  const endpoint = await deps.gate.look(stored);
  const connection = await deps.connections.of(endpoint);
  if (!connection || !(await deps.gate.mayClimb(connection))) return holdFromLadder(deps, stored);
  const which = { event: stored.event, run: stored.run, number, isOnLadder: true };
  const { made } = await callEndpoint(deps, { endpoint, connection }, which);
  if ('refusal' in made) return holdFromLadder(deps, stored);
  if (await deps.events.recordAttempt(stored, made.attempt, made.status))
    return withAttempt(stored, made.attempt, made.status);
  // Brought forward, or delivered by a second copy: what is stored counts.
  if (made.status === 'delivered') await deps.events.markDelivered(stored);
  const moved = await deps.events.get(stored);
  return moved?.run === stored.run ? moved : null;
}

/**
 * Nobody may be called: the ladder ends, and the event is held as its next run, for this run's ladder has been used.
 * @returns the event when this run of it has ended otherwise; null when the run is not the event's any more
 */
async function holdFromLadder(deps: DeliveryDeps, stored: StoredEvent): Promise<StoredEvent | null> {
  await deps.gate.willHold(stored, occurredAt(stored.event));
  if (await deps.events.holdAsNextRun(stored)) {
    logger.info('delivery.held', { event_id: stored.eventId, brand_id: stored.brandId, run: stored.run + 1 });
    return null;
  }
  const moved = await deps.events.get(stored);
  if (moved?.run !== stored.run) return null;
  // A replay's attempt was faster and has failed: it counts on this ladder, which is the only one of the run.
  return moved.status === 'retrying' ? holdFromLadder(deps, moved) : moved;
}

type Call = {
  event: StoredEvent['event'];
  run: number;
  number: number;
  isOnLadder?: boolean;
  onHang?: () => void;
};
type Wanted = Call & { isWanted: boolean };
type Outcome = {
  status: 'delivered' | 'retrying' | 'failed' | 'held';
  attempt: StoredEvent['attempts'][number] | null;
};
const HELD: Outcome = { status: 'held', attempt: null };

/** @returns `divert` when the fast lane leaves it to the slow one */
async function attemptUnlessHeld(
  deps: DeliveryDeps,
  ref: EndpointRef,
  { isWanted, onHang, ...call }: Wanted,
): Promise<Outcome | 'divert'> {
  // In this order: the URL is no older than what is known of its endpoint.
  const endpoint = await deps.gate.look(ref);
  const connection = await deps.connections.of(endpoint);
  const way = await deps.gate.wayTo(connection, isWanted);
  if (way === 'hold' || !connection) return HELD;
  if (way === 'slow' && deps.divert) return 'divert';
  const hangs = () => {
    if (deps.divert) deps.inFlight.wake(connection.connectionId);
    onHang?.();
  };
  const target = { endpoint, connection };
  return deps.inFlight.run(connection.connectionId, async () => {
    // It waited for others to the same endpoint, and these may have shown that it hangs.
    if (deps.divert && deps.gate.isSlow(connection.connectionId)) return 'divert';
    const { made, after } = await callEndpoint(deps, target, { ...call, onHang: hangs });
    if ('refusal' in made) return HELD;
    if (made.status !== 'retrying' || after !== 'hold') return made;
    return { status: 'held', attempt: { ...made.attempt, nextAttemptAt: null } };
  });
}

/** @throws endpointChanged when what came of it would end the calls to another URL than the one that was called */
async function callEndpoint(
  deps: DeliveryDeps,
  target: Target,
  { event, run, number, isOnLadder = false, onHang }: Call,
) {
  const { connection } = target;
  const made = await deps.gate.timed(connection, () => deps.attempt(event, connection, { run, number }), onHang);
  if (endsCalls(made)) await deps.connections.requireSameUrl(target);
  return { made, after: await deps.gate.learn(target, made, isOnLadder) };
}

const occurredAt = ({ occurred_at }: StoredEvent['event']): number => Date.parse(occurred_at);
