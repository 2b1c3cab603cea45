import type { Now } from '../clock.ts';
import type { TenantEvent } from '../events/envelope.ts';
import { logger } from '../logger.ts';
import { count } from '../metrics.ts';
import type { Connection } from '../store/connection-store.ts';
import type { Endpoint, EndpointRef, EndpointStore } from '../store/endpoint-store.ts';
import { type Attempted, isGone, type Refused } from './attempt.ts';
import { endpointDisabled, endpointRecovered } from './endpoint-events.ts';
import { hasAllLadders, isGivenUp, isTripped } from './endpoint-health.ts';
import { endpointChanged, type Target } from './known-connections.ts';
import { paceKeeper, type Stopwatch } from './pace.ts';
import { tallyKeeper } from './tally.ts';

/** Another container's change is seen after at most this long, milliseconds. */
const MAX_STALE_MS = 2000;
/** Who goes on holding events says so this often, milliseconds; a watch does not end before it has heard nothing for longer. */
const TOUCH_EVERY_MS = 20_000;
/** Endpoints a container remembers. */
const MAX_ENDPOINTS = 1000;

type Deps = {
  endpoints: EndpointStore;
  /** Starts the watch over an endpoint. Starting it twice is the same as once. */
  startWatch: (endpoint: Endpoint) => Promise<void>;
  /** Sends the tenant an event of ours, if he wants its type. */
  tell: (event: TenantEvent, connection: Connection) => Promise<void>;
  /** Writes an event of ours down as held, for there is nobody to tell now. */
  keep: (event: TenantEvent, connection: Connection) => Promise<void>;
  /** At most so many ladders of one endpoint at once: contract §7. */
  maxLadders: number;
  now: Now;
  stopwatch?: Stopwatch;
};

/** go: the fast lane may have it · slow: the slow lane may · hold: nobody is called. */
export type Way = 'go' | 'slow' | 'hold';
type Seen = { endpoint: Endpoint; until: number };

/**
 * Decides for each endpoint whether it is called, and learns from each attempt. What goes well is counted in memory and
 * costs nothing; a failure is added to what the other containers saw, and that sum opens the breaker.
 */
export function endpointGate({ endpoints, startWatch, tell, keep, maxLadders, now, stopwatch }: Deps) {
  const seen = new Map<string, Seen>();
  const tallies = tallyKeeper(now);
  const watched = new Map<string, number>();
  const pace = paceKeeper(stopwatch);

  const remember = (endpoint: Endpoint): Endpoint => {
    seen.delete(endpoint.connectionId);
    seen.set(endpoint.connectionId, { endpoint, until: now() + MAX_STALE_MS });
    if (seen.size > MAX_ENDPOINTS) seen.delete(seen.keys().next().value as string);
    return endpoint;
  };
  const look = async (ref: EndpointRef): Promise<Endpoint> => {
    const known = seen.get(ref.connectionId);
    return known && known.until > now() ? known.endpoint : remember(await endpoints.get(ref));
  };
  const ensureWatch = async (endpoint: Endpoint): Promise<void> => {
    if (endpoint.state === 'disabled' || watched.get(endpoint.connectionId) === endpoint.watch) return;
    await startWatch(endpoint);
    watched.set(endpoint.connectionId, endpoint.watch);
  };
  const setLane = async (connection: Connection): Promise<void> => {
    const { lane, p95Ms } = pace.of(connection.connectionId);
    if (lane === 'unknown' || lane === (await look(connection)).lane) return;
    remember(await endpoints.setLane(connection, lane, p95Ms));
    logger.info('endpoint.lane_changed', { connection_id: connection.connectionId, lane, p95_ms: p95Ms });
  };

  const open = async (endpoint: Endpoint): Promise<Endpoint> => {
    const opened = await endpoints.open(endpoint, now());
    if (!opened) return remember(await endpoints.get(endpoint));
    logger.warn('endpoint.opened', { connection_id: endpoint.connectionId, brand_id: endpoint.brandId });
    count('EndpointOpened');
    await ensureWatch(opened);
    return remember(opened);
  };
  const close = async (endpoint: Endpoint, connection: Connection): Promise<void> => {
    const since = endpoint.openedAt ?? now();
    // Told first: who dies in between tells again, and its id makes it one event.
    await tell(endpointRecovered({ ...endpoint, at: since, key: String(since) }, since), connection);
    const closed = await endpoints.close(endpoint, now());
    remember(closed ?? (await endpoints.get(endpoint)));
    if (!closed) return;
    logger.info('endpoint.closed', { connection_id: endpoint.connectionId, brand_id: endpoint.brandId });
    count('EndpointClosed');
    await ensureWatch(closed);
  };
  const disable = async (endpoint: Endpoint, connection: Connection, reason: 'gone' | 'failing'): Promise<Endpoint> => {
    // Kept first: who dies in between keeps it again, and it is told twice rather than never.
    await keep(endpointDisabled({ ...endpoint, at: now(), key: reason }, reason), connection);
    const disabled = await endpoints.disable(endpoint, reason, now());
    if (disabled) {
      logger.warn('endpoint.disabled', { connection_id: endpoint.connectionId, brand_id: endpoint.brandId, reason });
      count('EndpointDisabled', { reason });
    }
    return remember(disabled ?? (await endpoints.get(endpoint)));
  };

  const learnSuccess = async (connection: Connection): Promise<Way> => {
    tallies.add(connection.connectionId, { attempts: 1 });
    const endpoint = await look(connection);
    if (endpoint.state === 'open' || endpoint.state === 'blocked') await close(endpoint, connection);
    else if (endpoint.failingSince !== undefined) remember(await endpoints.clearFailing(connection));
    return 'go';
  };
  /** Enabled since it was looked at: by then it may have been given another URL than the one that was called. */
  const requireSame = (before: Endpoint, current: Endpoint): void => {
    if (current.closedAt !== before.closedAt) throw endpointChanged();
  };
  const learnRefusal = async ({ endpoint }: Target, { refusal }: Refused): Promise<Way> => {
    const blocked = await endpoints.block(endpoint, refusal, now());
    const current = remember(blocked ?? (await endpoints.get(endpoint)));
    requireSame(endpoint, current);
    if (blocked) {
      logger.warn('endpoint.blocked', { connection_id: endpoint.connectionId, reason: refusal });
      await ensureWatch(blocked);
    }
    return 'hold';
  };
  const learnFailure = async (target: Target, made: Attempted, isOnLadder: boolean): Promise<Way> => {
    const { connection } = target;
    const { connectionId } = connection;
    // First, so that nothing is counted of an attempt that does not count.
    if (isGone(made.attempt)) requireSame(target.endpoint, await disable(target.endpoint, connection, 'gone'));
    tallies.add(connectionId, { attempts: 1, failures: 1, failedEvents: made.attempt.number === 1 ? 1 : 0 });
    let endpoint = remember(await endpoints.addFailures(connection, tallies.take(connectionId), now()));
    if (endpoint.state !== 'disabled' && isGivenUp(endpoint, now()))
      endpoint = await disable(endpoint, connection, 'failing');
    else if (endpoint.state === 'closed' && isTripped(endpoint)) endpoint = await open(endpoint);
    if (isOnLadder || made.status !== 'retrying') return 'go';
    if (endpoint.state !== 'closed' || hasAllLadders(endpoint, maxLadders, now())) return 'hold';
    remember(await endpoints.addLadder(connection, now()));
    return 'go';
  };

  return {
    /** The endpoint's health, as it was at most 2 s ago. */
    look,
    /** @param isWanted somebody asked for this very attempt, or it is the probe: an open breaker does not stop it */
    async wayTo(connection: Connection | null, isWanted: boolean): Promise<Way> {
      if (!connection?.webhookUrl || connection.status !== 'active') return 'hold';
      const { state, lane } = await look(connection);
      if (state === 'disabled' || (state !== 'closed' && !isWanted)) return 'hold';
      return lane === 'slow' || pace.of(connection.connectionId).lane === 'slow' ? 'slow' : 'go';
    },
    /** For a ladder: it goes on while the breaker is open, but not when nobody may be called. */
    async mayClimb(connection: Connection | null): Promise<boolean> {
      if (!connection?.webhookUrl || connection.status !== 'active') return false;
      const { state } = await look(connection);
      return state === 'closed' || state === 'open';
    },
    /** Whether this container has just found the endpoint slow. */
    isSlow: (connectionId: string): boolean => pace.of(connectionId).lane === 'slow',

    /** Runs an attempt and notes how long it took. @param onHang called when it takes so long that the endpoint is slow */
    async timed<T>(connection: Connection, work: () => Promise<T>, onHang?: () => void): Promise<T> {
      let telling: Promise<void> | undefined;
      const result = await pace.measure(
        connection.connectionId,
        () => {
          // While it hangs: the other containers should not have to find out for themselves.
          telling = setLane(connection).catch((error) => logger.warn('endpoint.lane_not_set', error as Error));
          onHang?.();
        },
        work,
      );
      await telling;
      return result;
    },
    /**
     * @returns `hold` when the event must not begin a ladder
     * @throws endpointChanged when it would end the calls to an endpoint that was enabled meanwhile
     */
    async learn(target: Target, made: Attempted | Refused, isOnLadder: boolean): Promise<Way> {
      if ('refusal' in made) return learnRefusal(target, made);
      await setLane(target.connection);
      return made.status === 'delivered' ? learnSuccess(target.connection) : learnFailure(target, made, isOnLadder);
    },
    async ladderEnded(ref: EndpointRef): Promise<void> {
      remember(await endpoints.removeLadder(ref));
    },
    /** Before an event is written down as held: somebody watches over it. @param occurredAt of the event */
    async willHold(ref: EndpointRef, occurredAt: number): Promise<void> {
      let endpoint = await look(ref);
      const isKnown = endpoint.heldFrom !== undefined && endpoint.heldFrom <= occurredAt;
      if (!isKnown || endpoint.heldTouchedAt < now() - TOUCH_EVERY_MS)
        endpoint = remember(await endpoints.touchHeld(ref, occurredAt, now()));
      await ensureWatch(endpoint);
    },
  };
}
export type EndpointGate = ReturnType<typeof endpointGate>;
