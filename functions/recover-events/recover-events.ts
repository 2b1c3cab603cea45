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
 * One turn of a recovery: the next events of its filter are sent for a further run, which is begun by who takes the
 * message. Who dies in here, and whoever cancels the recovery then, leaves every event as it was or in the queue. What
 * a turn that died has sent is sent again as the same run, or only counted if that run has begun.
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
    const runs = events.flatMap((event) => nextRun(recovery, event));
    await deps.toSlowLane(runs, perSecond);
    // Never back to the beginning: who dies before the end is written must not do it all once more.
    const lookedAtUpTo = upTo ?? events.at(-1)?.eventId ?? recovery.lookedAtUpTo;
    const isMine = await deps.recoveries.progress(recovery, lookedAtUpTo, events.length);
    // It has ended, or another turn was faster: the next one sees which.
    if (!isMine) return { ...step, wait_seconds: 1 };
    logger.info('recovery.turn', {
      recovery_id: recovery.recoveryId,
      brand_id: recovery.brandId,
      events: events.length,
    });
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
  // What a turn that died has begun is counted, however it stands by now.
  const isWanted = (event: StoredEvent) => matches(filter, event) || event.startedBy === recoveryId;
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

/** None when this recovery has begun it. */
function nextRun({ recoveryId }: Recovery, { eventId, brandId, run, status, startedBy }: StoredEvent): RunDelivery[] {
  if (startedBy === recoveryId || status === 'pending' || status === 'retrying') return [];
  return [
    {
      kind: 'run',
      event_id: eventId,
      brand_id: brandId,
      run: run + 1,
      attempt: 1,
      after: status,
      started_by: recoveryId,
      even_if_open: false,
    },
  ];
}
