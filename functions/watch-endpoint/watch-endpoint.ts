import type { Now } from '../../shared/clock.ts';
import { firstIdAt } from '../../shared/ids.ts';
import { logger } from '../../shared/logger.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { Endpoint, EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStore, StoredEvent } from '../../shared/store/event-store.ts';
import { atMost, claimBacklog, TURN_SECONDS } from '../../shared/webhooks/backlog.ts';
import { attemptsOfRun } from '../../shared/webhooks/carry-on.ts';
import type { RunDelivery, WatchStep } from '../../shared/webhooks/delivery.ts';
import { backlogRate, hasAllLadders, probeDelayMs } from '../../shared/webhooks/endpoint-health.ts';
import { LoopEnded } from '../../shared/webhooks/ladder-ended.ts';
import type { PacedSender } from '../../shared/webhooks/paced-sender.ts';

/** Between two passes over what is held: what the last one sent has been tried by then, seconds. */
const PASS_PAUSE_SECONDS = 30;
/** Who holds events says so every 20 s, and may be a minute in writing the last of them, milliseconds. */
const QUIET_MS = 90_000;
/** Held events among which the one with the fewest attempts becomes the probe. */
const PROBE_CHOICE = 50;
/** Events held at a time further ahead are of no clock of ours, milliseconds. */
const AHEAD_MS = 24 * 60 * 60_000;

type Deps = {
  endpoints: EndpointStore;
  events: EventStore;
  connectionOf: (connectionId: string) => Promise<Connection | null>;
  startWatch: (endpoint: Endpoint) => Promise<void>;
  toSlowLane: PacedSender;
  limits: { perSecond: number; inFlight: number; ladders: number };
  now: Now;
};

/**
 * One turn of the watch over an endpoint of which events are held: a probe while it is open, else a few of the held
 * events. Everything may be done twice: an attempt that was made is not made again.
 * @returns the next turn
 * @throws LoopEnded when nothing is held any more, or another watch has taken over
 */
export const watchEndpoint =
  (deps: Deps) =>
  async (step: WatchStep): Promise<WatchStep> => {
    const endpoint = await deps.endpoints.get({ connectionId: step.connection_id, brandId: step.brand_id });
    if (endpoint.watch !== step.watch) {
      // Who began the next watch may have died before he started it.
      if (endpoint.heldFrom !== undefined && endpoint.state !== 'disabled') await deps.startWatch(endpoint);
      throw new LoopEnded('another watch');
    }
    if (endpoint.state === 'disabled' || endpoint.heldFrom === undefined) throw new LoopEnded(endpoint.state);
    const connection = await deps.connectionOf(endpoint.connectionId);
    if (!connection?.webhookUrl || connection.status !== 'active') {
      await deps.endpoints.disable(endpoint, 'no_endpoint', deps.now());
      throw new LoopEnded('no endpoint');
    }
    return endpoint.state === 'closed' ? release(deps, endpoint, step) : probe(deps, endpoint, step);
  };

async function probe(deps: Deps, endpoint: Endpoint, step: WatchStep): Promise<WatchStep> {
  const next = { ...step, after: null, pass_started_at: 0, found: false };
  const early = endpoint.nextProbeAt - deps.now();
  if (early > 0) return { ...next, wait_seconds: Math.ceil(early / 1000) };
  // On from where the last turn stopped looking; a place with the time of a pass is a release's.
  const from = step.pass_started_at === 0 ? step.after : null;
  const { events, upTo } = await heldEvents(deps, endpoint, from, PROBE_CHOICE);
  const [candidate] = events.sort((a, b) => attemptsOfRun(a) - attemptsOfRun(b));
  // What a busy brand was delivered right before stands in front of what is held.
  if (!candidate && upTo !== null) return { ...next, after: upTo, wait_seconds: 0 };
  if (!candidate) {
    // Nothing came while it was open: no flood is to be feared, and the next event will show.
    const closed = await deps.endpoints.close(endpoint, deps.now());
    if (closed) await deps.startWatch(closed);
    throw new LoopEnded('nothing to probe with');
  }
  await deps.toSlowLane([{ ...toRun(candidate), even_if_open: true }], 1);
  const waitMs = probeDelayMs(endpoint.probes + 1);
  await deps.endpoints.noteProbe(endpoint, deps.now() + waitMs);
  logger.info('endpoint.probed', { connection_id: endpoint.connectionId, probes: endpoint.probes + 1 });
  return { ...next, wait_seconds: Math.ceil(waitMs / 1000) };
}

async function release(deps: Deps, endpoint: Endpoint, step: WatchStep): Promise<WatchStep> {
  const passStartedAt = step.after === null ? deps.now() : step.pass_started_at;
  // Never none: the count of ladders may be wrong, and what is held must not depend on it.
  const isFull = hasAllLadders(endpoint, deps.limits.ladders, deps.now());
  const asked = isFull ? 1 : backlogRate(endpoint, deps.limits);
  const held = await heldEvents(deps, endpoint, step.after, asked * TURN_SECONDS);
  const job = { id: 'release', perSecond: asked, events: held.events.length };
  const { perSecond, waitSeconds } = await claimBacklog(deps, endpoint, job);
  if (waitSeconds > 0) return { ...step, wait_seconds: waitSeconds };
  const { events, upTo } = atMost(held, perSecond * TURN_SECONDS);
  await deps.toSlowLane(events.map(toRun), perSecond);
  const found = events.length > 0 || (step.after !== null && step.found);
  logger.info('endpoint.released', { connection_id: endpoint.connectionId, events: events.length });
  if (upTo !== null) {
    const seconds = Math.ceil(events.length / perSecond);
    return {
      ...step,
      after: upTo,
      pass_started_at: passStartedAt,
      found,
      wait_seconds: Math.min(seconds, TURN_SECONDS),
    };
  }
  const isQuiet = passStartedAt - endpoint.heldTouchedAt > QUIET_MS;
  if (!found && isQuiet && (await deps.endpoints.endWatch(endpoint))) throw new LoopEnded('nothing is held');
  return { ...step, after: null, pass_started_at: 0, found: false, wait_seconds: PASS_PAUSE_SECONDS };
}

/** @returns held events after an id, and up to where everything has been looked at; null when that is all */
async function heldEvents(deps: Deps, endpoint: Endpoint, after: string | null, max: number) {
  const range = {
    from: after === null ? firstIdAt('evt', endpoint.heldFrom ?? 0) : `${after}!`, // sorts right after the id itself
    to: firstIdAt('evt', deps.now() + AHEAD_MS),
  };
  const isHeldHere = ({ status, connectionId }: StoredEvent) =>
    status === 'held' && connectionId === endpoint.connectionId;
  const found: StoredEvent[] = [];
  for (let parts = 0; parts < MAX_PARTS; parts += 1) {
    const { events, upTo } = await deps.events.part(endpoint.brandId, range, isHeldHere);
    found.push(...events);
    if (upTo === null || found.length >= max) return atMost({ events: found, upTo }, max);
    range.from = `${upTo}!`;
  }
  return { events: found, upTo: range.from.slice(0, -1) };
}

/** Parts looked through in one turn: a brand may have delivered much since the first event was held. */
const MAX_PARTS = 20;

const toRun = (event: StoredEvent): RunDelivery => ({
  kind: 'run',
  event_id: event.eventId,
  brand_id: event.brandId,
  run: event.run,
  attempt: attemptsOfRun(event) + 1,
  even_if_open: false,
});
