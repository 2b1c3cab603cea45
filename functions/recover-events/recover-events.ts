import type { Now } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStore, StoredEvent } from '../../shared/store/event-store.ts';
import type { Recovery, RecoveryStore } from '../../shared/store/recovery-store.ts';
import { atMost, claimBacklog, TURN_SECONDS } from '../../shared/webhooks/backlog.ts';
import type { RecoveryStep, RunDelivery } from '../../shared/webhooks/delivery.ts';
import { backlogRate } from '../../shared/webhooks/endpoint-health.ts';
import { LoopEnded } from '../../shared/webhooks/ladder-ended.ts';
import type { PacedSender } from '../../shared/webhooks/paced-sender.ts';
import { matches, rangeOf } from '../../shared/webhooks/recovery-match.ts';

/** While the breaker is open there is nothing to be done, seconds. */
const OPEN_PAUSE_SECONDS = 30;
/** Runs begun at once. */
const CONCURRENCY = 25;
/** Parts looked through in one turn. */
const MAX_PARTS = 20;

type Deps = {
  recoveries: Pick<RecoveryStore, 'get' | 'progress' | 'end'>;
  endpoints: EndpointStore;
  events: EventStore;
  toSlowLane: PacedSender;
  limits: { perSecond: number; inFlight: number };
  now: Now;
};

/**
 * One turn of a recovery: the next events of its filter begin a further run. An event whose run this recovery has begun
 * already, in a turn that died, is only sent again; one that another recovery or replay has begun is left alone.
 * @returns the next turn
 * @throws LoopEnded when there is none
 */
export const recoverEvents =
  (deps: Deps) =>
  async (step: RecoveryStep): Promise<RecoveryStep> => {
    const recovery = await deps.recoveries.get({ brandId: step.brand_id, recoveryId: step.recovery_id });
    if (recovery?.status !== 'running') throw new LoopEnded(recovery?.status ?? 'unknown');
    const endpoint = await deps.endpoints.get(recovery);
    if (endpoint.state === 'disabled') return end(deps, recovery, 'stopped');
    if (endpoint.state !== 'closed') return { ...step, wait_seconds: OPEN_PAUSE_SECONDS };

    const asked = Math.min(recovery.ratePerSecond, backlogRate(endpoint, deps.limits));
    const found = await nextEvents(deps, recovery, asked * TURN_SECONDS);
    const job = { id: recovery.recoveryId, perSecond: asked, events: found.events.length };
    const { perSecond, waitSeconds } = await claimBacklog(deps, endpoint, job);
    if (waitSeconds > 0) return { ...step, wait_seconds: waitSeconds };
    const { events, upTo } = atMost(found, perSecond * TURN_SECONDS);
    const runs = await beginRuns(deps, recovery, events);
    await deps.toSlowLane(runs, perSecond);
    // Never back to the beginning: who dies before the end is written must not do it all once more.
    const lookedAtUpTo = upTo ?? events.at(-1)?.eventId ?? recovery.lookedAtUpTo;
    const isMine = await deps.recoveries.progress(recovery, lookedAtUpTo, runs.length);
    // It has ended, or another turn was faster: the next one sees which.
    if (!isMine) return { ...step, wait_seconds: 1 };
    logger.info('recovery.turn', { recovery_id: recovery.recoveryId, brand_id: recovery.brandId, events: runs.length });
    if (upTo === null) return end(deps, recovery, 'completed');
    return { ...step, wait_seconds: Math.ceil(runs.length / perSecond) };
  };

async function end(deps: Deps, recovery: Recovery, status: 'completed' | 'stopped'): Promise<never> {
  await deps.recoveries.end(recovery, status, deps.now());
  logger.info('recovery.ended', { recovery_id: recovery.recoveryId, brand_id: recovery.brandId, status });
  throw new LoopEnded(status);
}

/** @returns the next events it is about, and up to where all has been looked at; null when that is all */
async function nextEvents(deps: Deps, { brandId, filter, recoveryId, lookedAtUpTo }: Recovery, max: number) {
  const isWanted = (event: StoredEvent) =>
    matches(filter, event) || (event.status === 'pending' && event.startedBy === recoveryId);
  const found: StoredEvent[] = [];
  let upTo = lookedAtUpTo;
  for (let parts = 0; parts < MAX_PARTS && found.length < max; parts += 1) {
    const part = await deps.events.part(brandId, rangeOf(filter, upTo), isWanted);
    found.push(...part.events);
    upTo = part.upTo;
    if (upTo === null) break;
  }
  return atMost({ events: found, upTo }, max);
}

async function beginRuns(deps: Deps, { recoveryId }: Recovery, events: readonly StoredEvent[]): Promise<RunDelivery[]> {
  const runs: RunDelivery[] = [];
  for (let first = 0; first < events.length; first += CONCURRENCY) {
    const some = events.slice(first, first + CONCURRENCY);
    const begun = await Promise.all(some.map((event) => beginRun(deps, recoveryId, event)));
    runs.push(...begun.filter((run): run is RunDelivery => run !== null));
  }
  return runs;
}

async function beginRun(deps: Deps, recoveryId: string, event: StoredEvent): Promise<RunDelivery | null> {
  const { eventId, brandId, run, status } = event;
  const isBegun = status === 'pending';
  if (status === 'retrying') return null;
  if (!isBegun && !(await deps.events.startNextRun({ eventId, brandId }, run, status, recoveryId))) return null;
  return {
    kind: 'run',
    event_id: eventId,
    brand_id: brandId,
    run: isBegun ? run : run + 1,
    attempt: 1,
    even_if_open: false,
  };
}
