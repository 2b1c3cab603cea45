import {
  type Endpoint,
  type EndpointRef,
  Endpoint as EndpointSchema,
  type EndpointStore,
} from '../../shared/store/endpoint-store.ts';
import type { EventStore, StoredEvent } from '../../shared/store/event-store.ts';
import { PROBE_DELAYS_SECONDS, WINDOW_MS } from '../../shared/webhooks/endpoint-health.ts';

const HELD_MARGIN_MS = 10 * 60_000;

/** The event store's conditions without a database: what holds there holds here (compare shared/store/event-store.ts). */
export function memoryEvents() {
  const items = new Map<string, StoredEvent>();
  const change = (
    id: string,
    holds: (event: StoredEvent) => boolean,
    to: (event: StoredEvent) => Partial<StoredEvent>,
  ) => {
    const event = items.get(id);
    if (!event || !holds(event)) return false;
    items.set(id, { ...event, ...to(event) });
    return true;
  };
  const store: EventStore = {
    get: async ({ eventId }) => items.get(eventId) ?? null,
    inserting: () => {
      throw new Error('nobody begins an event in a transaction here');
    },
    insert: async (event) => {
      if (items.has(event.eventId)) return false;
      items.set(event.eventId, { ...event, brandShard: '', expiresAt: 0 });
      return true;
    },
    recordAttempt: async (before, attempt, status) =>
      change(
        before.eventId,
        (now) =>
          now.run === before.run && now.status === before.status && now.attempts.length === before.attempts.length,
        (now) => ({ status, attempts: [...now.attempts, attempt] }),
      ),
    markDelivered: async ({ eventId }) =>
      change(
        eventId,
        (now) => now.status !== 'delivered',
        () => ({ status: 'delivered' }),
      ),
    park: async ({ eventId }, run, parkedAs, parkedAt) =>
      change(
        eventId,
        (now) => now.run === run && now.status === 'failed' && now.parkedAs === undefined,
        () => ({ parkedAs, parkedAt }),
      ),
    startNextRun: async ({ eventId }, run, before, startedBy) =>
      change(
        eventId,
        (now) => now.run === run && now.status === before,
        () => ({
          run: run + 1,
          status: 'pending',
          parkedAs: undefined,
          parkedAt: undefined,
          ...(startedBy ? { startedBy } : {}),
        }),
      ),
    hold: async ({ eventId, run }) =>
      change(
        eventId,
        (now) => now.run === run && now.status === 'pending',
        () => ({ status: 'held' }),
      ),
    holdAsNextRun: async ({ eventId, run, attempts }) =>
      change(
        eventId,
        (now) => now.run === run && now.status === 'retrying' && now.attempts.length === attempts.length,
        () => ({ status: 'held', run: run + 1 }),
      ),
    part: async (brandId, { from, to }, isWanted) => ({
      events: [...items.values()]
        .filter((event) => event.brandId === brandId && event.eventId >= from && event.eventId <= to && isWanted(event))
        .sort((a, b) => (a.eventId < b.eventId ? -1 : 1)),
      upTo: null,
    }),
  };
  return { store, items };
}

/** The same for endpoint health (compare shared/store/endpoint-store.ts). */
export function memoryEndpoints() {
  const items = new Map<string, Endpoint>();
  const of = (ref: EndpointRef): Endpoint =>
    items.get(ref.connectionId) ?? EndpointSchema.parse({ connectionId: ref.connectionId, brandId: ref.brandId });
  const set = (ref: EndpointRef, to: Partial<Endpoint>): Endpoint => {
    const next = { ...of(ref), ...to };
    items.set(ref.connectionId, next);
    return next;
  };
  const when = (ref: EndpointRef, holds: (now: Endpoint) => boolean, to: (now: Endpoint) => Partial<Endpoint>) =>
    holds(of(ref)) ? set(ref, to(of(ref))) : null;
  const HEALED = {
    windowStartedAt: 0,
    attempts: 0,
    failures: 0,
    ladders: 0,
    failingSince: undefined,
    failedEvents: 0,
    failedDays: new Set<string>(),
    reason: undefined,
    openedAt: undefined,
  };
  const opened = (endpoint: Endpoint, now: number) => ({
    openedAt: now,
    probes: 0,
    nextProbeAt: now + PROBE_DELAYS_SECONDS[0] * 1000,
    heldFrom: endpoint.heldFrom ?? now - HELD_MARGIN_MS,
    heldTouchedAt: now,
  });
  const store: EndpointStore = {
    get: async (ref) => of(ref),
    addFailures: async (ref, tally, now) => {
      const at = of(ref);
      const isOld = at.windowStartedAt <= now - WINDOW_MS;
      return set(ref, {
        failingSince: at.failingSince ?? now,
        failedEvents: at.failedEvents + tally.failedEvents,
        failedDays: new Set([
          ...at.failedDays,
          ...(tally.failedEvents > 0 ? [new Date(now).toISOString().slice(0, 10)] : []),
        ]),
        windowStartedAt: isOld ? now : at.windowStartedAt,
        attempts: (isOld ? 0 : at.attempts) + tally.attempts,
        failures: (isOld ? 0 : at.failures) + tally.failures,
      });
    },
    addLadder: async (ref, now) => set(ref, { ladders: of(ref).ladders + 1, lastLadderAt: now }),
    removeLadder: async (ref) => set(ref, { ladders: Math.max(0, of(ref).ladders - 1) }),
    clearFailing: async (ref) => set(ref, { failingSince: undefined, failedEvents: 0, failedDays: new Set() }),
    setLane: async (ref, lane, p95Ms) => set(ref, { lane, p95Ms }),
    open: async (ref, now) =>
      when(
        ref,
        ({ state }) => state === 'closed',
        (at) => ({ ...opened(at, now), state: 'open' }),
      ),
    block: async (ref, reason, now) =>
      when(
        ref,
        ({ state, closedAt }) => (state === 'closed' || state === 'open') && closedAt === ref.closedAt,
        (at) => ({ ...opened(at, now), state: 'blocked', reason }),
      ),
    close: async (ref, now) =>
      when(
        ref,
        ({ state }) => state === 'open' || state === 'blocked',
        (at) => ({ ...HEALED, state: 'closed', closedAt: now, watch: at.watch + 1 }),
      ),
    disable: async (ref, reason, now) =>
      when(
        ref,
        ({ state, closedAt }) => state !== 'disabled' && closedAt === ref.closedAt,
        (at) => ({
          state: 'disabled',
          reason,
          disabledAt: now,
          heldFrom: at.heldFrom ?? now - HELD_MARGIN_MS,
          heldTouchedAt: now,
          watch: at.watch + 1,
        }),
      ),
    enabling: () => {
      throw new Error('nobody changes an endpoint in a transaction here');
    },
    enable: async (ref, now, heldFrom) =>
      set(ref, {
        ...HEALED,
        state: 'closed',
        closedAt: now,
        heldFrom,
        heldTouchedAt: now,
        disabledAt: undefined,
        watch: of(ref).watch + 1,
      }),
    touchHeld: async (ref, from, now) => {
      const { heldFrom } = of(ref);
      const isEarlier = heldFrom === undefined || heldFrom > from;
      return set(ref, { heldTouchedAt: now, ...(isEarlier ? { heldFrom: from - HELD_MARGIN_MS } : {}) });
    },
    noteProbe: async (endpoint, nextProbeAt) =>
      when(
        endpoint,
        ({ watch, state }) => watch === endpoint.watch && (state === 'open' || state === 'blocked'),
        ({ probes }) => ({ probes: probes + 1, nextProbeAt }),
      ),
    setBacklog: async (endpoint, backlog) =>
      when(
        endpoint,
        ({ backlogWrites }) => backlogWrites === endpoint.backlogWrites,
        ({ backlogWrites }) => ({ backlog, backlogWrites: backlogWrites + 1 }),
      ),
    endWatch: async (endpoint) =>
      when(
        endpoint,
        ({ watch, heldTouchedAt, state }) =>
          watch === endpoint.watch && heldTouchedAt === endpoint.heldTouchedAt && state === 'closed',
        ({ watch }) => ({ heldFrom: undefined, watch: watch + 1 }),
      ),
  };
  return { store, items };
}
