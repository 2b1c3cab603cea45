import { parkOrRecover } from '../../functions/park-or-recover/park-or-recover.ts';
import { watchEndpoint } from '../../functions/watch-endpoint/watch-endpoint.ts';
import type { TenantEvent } from '../../shared/events/envelope.ts';
import { deterministicId } from '../../shared/ids.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { EventStore, StoredEvent } from '../../shared/store/event-store.ts';
import { makeAttempt } from '../../shared/webhooks/attempt.ts';
import type { DeliveryDeps } from '../../shared/webhooks/carry-on.ts';
import { deliverFromLadder, deliverFromQueue } from '../../shared/webhooks/deliver.ts';
import type { Delivery, ExhaustedDelivery, LadderStep, WatchStep } from '../../shared/webhooks/delivery.ts';
import { enableEndpoint } from '../../shared/webhooks/endpoint-control.ts';
import { endpointGate } from '../../shared/webhooks/endpoint-gate.ts';
import { inFlightLimit } from '../../shared/webhooks/in-flight.ts';
import { knownConnections } from '../../shared/webhooks/known-connections.ts';
import { memoryEndpoints, memoryEvents } from './memory-stores.ts';
import { type Queue, queue } from './queues.ts';
import { receivers } from './receivers.ts';
import { virtualWorld } from './virtual-world.ts';

const START = Date.UTC(2026, 10, 22);
const HOUR = 3_600_000;
/** How often a function is killed at an await, before or after what it waits for. */
const KILLS = 0.002;
const NEVER = new Promise<never>(() => {});
const MAX_LADDERS = 500;
/** When everything in the dead-letter queue is redriven: twice in a row, and once more when other ladders have ended. */
const REDRIVES_AT_HOURS = [30, 30.001, 60];

export type SoakResult = Awaited<ReturnType<typeof soak>>;

/**
 * The code of delivery in a world of receivers that fail in every way, functions that die at any await, and queues that
 * hand out twice and in any order. All of it follows from the seed.
 */
export async function soak({
  seed,
  events: eventCount,
  brands = 20,
}: {
  seed: number;
  events: number;
  brands?: number;
}) {
  const world = virtualWorld(seed, START);
  /** How often each event was begun anew by a redrive. */
  const redriven = new Map<string, number>();
  const { store: memory, items: stored } = memoryEvents();
  const events = countingRuns(memory, redriven);
  const { store: endpoints, items: health } = memoryEndpoints();
  const connections = new Map<string, Connection>();
  const tenants = receivers(world, brands);
  for (const { connection } of tenants.all) connections.set(connection.connectionId, connection);
  const dead: Parameters<typeof queue<Delivery>>[1]['dead'] = [];
  const exhaustedDead: Parameters<typeof queue<ExhaustedDelivery>>[1]['dead'] = [];
  const executions = { ladders: new Map<string, number>(), names: new Set<string>(), running: 0, peak: 0 };
  let kills = 0;
  let mayKill = true;

  /** What one container is given: each call may be the last thing it does. */
  const mortal = () => {
    let isDead = false;
    const dies = () => {
      if (isDead) return true;
      if (!mayKill || world.random() >= KILLS) return false;
      kills += 1;
      isDead = true;
      return true;
    };
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      await world.sleep(world.random() * 8);
      if (dies()) return NEVER;
      const result = await work();
      return dies() ? NEVER : result;
    };
    const all = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (object, name) => {
          const member = Reflect.get(object, name);
          return typeof member === 'function' ? (...args: unknown[]) => call(() => member.apply(object, args)) : member;
        },
      });
    return { call, all, isDead: () => isDead };
  };

  const container = (lane: 'fast' | 'slow') => {
    const { call, all, isDead } = mortal();
    const slowLane = (delivery: Delivery, delaySeconds = 0) =>
      call(async () => slow.send(delivery, delaySeconds * 1000));
    const deps: DeliveryDeps = {
      events: all(events),
      connections: knownConnections(async (id) => connections.get(id) ?? null, world.now),
      gate: endpointGate({
        endpoints: all(endpoints),
        startWatch: (endpoint) =>
          call(async () => startWatch(endpoint.connectionId, endpoint.brandId, endpoint.watch, endpoint.state)),
        tell: async () => {},
        keep: async () => {},
        maxLadders: MAX_LADDERS,
        now: world.now,
        stopwatch: world,
      }),
      inFlight: inFlightLimit(lane === 'fast' ? 5 : 2),
      attempt: makeAttempt({
        endpoint: { post: (url, headers, body) => call(() => tenants.post(url, headers, body)) },
        secretOf: async () => ({ access_token: 'token', signing_secrets: ['whsec_c29ha3NvYWtzb2Frc29ha3NvYWs='] }),
        now: world.now,
        random: world.random,
      }),
      divert: lane === 'fast' ? slowLane : null,
      startLadder: (step) => call(async () => startLadder(step)),
      giveUp: (gone) => call(async () => exhausted.send(gone)),
      now: world.now,
    };
    return { fromQueue: deliverFromQueue(deps), fromLadder: deliverFromLadder(deps), call, isDead };
  };
  /** Some warm ones; who died is replaced by a fresh one, which knows nothing. */
  const pool = (lane: 'fast' | 'slow', size: number) => {
    const containers = Array.from({ length: size }, () => container(lane));
    return () => {
      const index = Math.floor(world.random() * size);
      if (containers[index]?.isDead()) containers[index] = container(lane);
      return containers[index] as ReturnType<typeof container>;
    };
  };
  const fastPool = pool('fast', 8);
  const slowPool = pool('slow', 8);
  const deliverBatch = (from: typeof fastPool) => async (batch: { body: Delivery; receiveCount: number }[]) => {
    const { fromQueue } = from();
    return Promise.all(
      batch.map(({ body, receiveCount }) =>
        fromQueue(body, receiveCount).then(
          () => 'done' as const,
          () => 'leave' as const,
        ),
      ),
    );
  };
  const lane = { visibilityMs: 360_000, maxReceives: 5, duplicates: 0.01, dead };
  const fast = queue<Delivery>(world, { ...lane, batchSize: 10, concurrency: 20, work: deliverBatch(fastPool) });
  const slow = queue<Delivery>(world, { ...lane, batchSize: 4, concurrency: 10, work: deliverBatch(slowPool) });
  const exhausted = queue<ExhaustedDelivery>(world, {
    visibilityMs: 10_000,
    maxReceives: 1,
    batchSize: 10,
    concurrency: 5,
    duplicates: 0.01,
    dead: exhaustedDead,
    work: async (batch) => {
      const { all, call } = mortal();
      const park = parkOrRecover({
        events: all(events),
        enqueue: (run) => call(async () => slow.send(run)),
        now: world.now,
      });
      return Promise.all(
        batch.map(({ body, id, sentAt }) =>
          park(body, { id, sentAt }).then(
            (done) => (done === 'done' ? ('done' as const) : ('leave' as const)),
            () => 'leave' as const,
          ),
        ),
      );
    },
  });

  /** A loop of Step Functions: an invocation that dies is made again. */
  const loop = async <Step extends { wait_seconds: number }>(first: Step, turn: (step: Step) => Promise<Step>) => {
    executions.running += 1;
    executions.peak = Math.max(executions.peak, executions.running);
    for (let step = first; ; ) {
      await world.sleep(step.wait_seconds * 1000);
      const died = Symbol('died');
      let cancel = () => {};
      const timeout = new Promise<typeof died>((resolve) => {
        cancel = world.after(60_000, () => resolve(died));
      });
      const outcome = await Promise.race([turn(step).catch((error: Error) => error), timeout]);
      cancel();
      if (outcome === died) step = { ...step, wait_seconds: 5 };
      else if (!(outcome instanceof Error)) step = outcome as Step;
      else if (/Ended$/.test(outcome.name)) break;
      else step = { ...step, wait_seconds: 5 };
    }
    executions.running -= 1;
  };
  const startOnce = (name: string): boolean => {
    if (executions.names.has(name)) return false;
    executions.names.add(name);
    return true;
  };
  const startLadder = (step: LadderStep): void => {
    const run = `${step.event_id}-${step.run}`;
    if (!startOnce(run)) return;
    executions.ladders.set(run, (executions.ladders.get(run) ?? 0) + 1);
    void loop(step, (next) => slowPool().fromLadder(next));
  };
  const startWatch = (connectionId: string, brandId: string, watch: number, state: string): void => {
    if (!startOnce(`${connectionId}-${watch}`)) return;
    const first: WatchStep = {
      connection_id: connectionId,
      brand_id: brandId,
      watch,
      after: null,
      pass_started_at: 0,
      found: false,
      wait_seconds: state === 'closed' ? 0 : 30,
    };
    void loop(first, (step) => {
      const { all, call } = mortal();
      return watchEndpoint({
        endpoints: all(endpoints),
        events: all(events),
        connectionOf: async (id) => connections.get(id) ?? null,
        startWatch: (endpoint) =>
          call(async () => startWatch(endpoint.connectionId, endpoint.brandId, endpoint.watch, endpoint.state)),
        toSlowLane: (runs, perSecond) =>
          call(async () => runs.forEach((run, index) => void slow.send(run, 1000 * Math.floor(index / perSecond)))),
        limits: { perSecond: 100, inFlight: 20, ladders: MAX_LADDERS },
        now: world.now,
      })(step);
    });
  };

  const made = new Map<string, string>();
  for (let index = 0; index < eventCount; index += 1) {
    const at = Math.floor(world.random() * 0.5 * HOUR);
    const { connection } = tenants.all[Math.floor(world.random() * brands)] as (typeof tenants.all)[number];
    const event: TenantEvent = {
      id: deterministicId('evt', START + at, [String(seed), String(index)]),
      type: 'message.received',
      version: '1',
      occurred_at: new Date(START + at).toISOString(),
      brand_id: connection.brandId,
      data: { index },
    };
    made.set(event.id, connection.connectionId);
    world.after(at, () => fast.send({ kind: 'fresh', event, connection_id: connection.connectionId }));
  }
  const redrive = (from: typeof dead | typeof exhaustedDead): number => {
    const moved = from.splice(0);
    for (const { message, source } of moved) (source as Queue<unknown>).send(message.body);
    return moved.length;
  };
  let moved = 0;
  // Both kinds at once, as the console's button does, and in the middle of everything else.
  for (const hour of REDRIVES_AT_HOURS)
    world.after(hour * HOUR, () => (moved += redrive(dead) + redrive(exhaustedDead)));
  // After 100 hours everything is repaired, enabled, and what crashed is redriven; nobody is killed any more.
  world.after(100 * HOUR, () => {
    mayKill = false;
    moved += redrive(dead);
    for (const { connection } of tenants.all)
      void enableEndpoint({
        endpoints,
        startWatch: async (one) => startWatch(one.connectionId, one.brandId, one.watch, one.state),
        now: world.now,
      })(connection, true);
  });
  const goesOn = await world.run(START + 300 * HOUR);

  const inDeadLetterQueue = new Set(exhaustedDead.map(({ message }) => `${message.body.event_id}-${message.body.run}`));
  const problems: string[] = goesOn ? [`${executions.running} executions never end`] : [];
  const count: Record<string, number> = {};
  for (const id of made.keys()) {
    const event = stored.get(id);
    count[event?.status ?? 'lost'] = (count[event?.status ?? 'lost'] ?? 0) + 1;
    problems.push(...problemsOf(id, event, inDeadLetterQueue, tenants.acknowledged(id)));
  }
  for (const [run, started] of executions.ladders) if (started > 1) problems.push(`${run} has ${started} ladders`);
  for (const id of stored.keys()) if (!made.has(id)) problems.push(`${id} was never made`);
  for (const [id, times] of redriven)
    if (times > REDRIVES_AT_HOURS.length)
      problems.push(`${id} was begun anew ${times} times by ${REDRIVES_AT_HOURS.length} redrives`);
  if (dead.length > 0) problems.push(`${dead.length} messages crashed again`);
  const states = [...health.values()].map(
    ({ state, heldFrom }) => `${state}${heldFrom === undefined ? '' : ' holding'}`,
  );
  for (const state of states) if (state !== 'closed') problems.push(`an endpoint is ${state}`);
  return {
    seed,
    made: made.size,
    count,
    problems,
    kills,
    redriven: moved,
    begunAnew: [...redriven.values()].reduce((sum, times) => sum + times, 0),
    posts: tenants.posts(),
    ladders: executions.ladders.size,
    peakExecutions: executions.peak,
    virtualHours: Math.round((world.now() - START) / HOUR),
  };
}

/** The store, with a note of each run that was begun. */
const countingRuns = (store: EventStore, begun: Map<string, number>): EventStore => ({
  ...store,
  startNextRun: async (event, ...rest) => {
    const isBegun = await store.startNextRun(event, ...rest);
    if (isBegun) begun.set(event.eventId, (begun.get(event.eventId) ?? 0) + 1);
    return isBegun;
  },
});

function problemsOf(
  id: string,
  event: StoredEvent | undefined,
  dead: ReadonlySet<string>,
  isAcknowledged: boolean,
): string[] {
  if (!event) return [`${id} is lost`];
  const problems: string[] = [];
  if (event.status === 'delivered' && !isAcknowledged) problems.push(`${id} says delivered and nobody took it`);
  if (event.status === 'failed' && !dead.has(`${id}-${event.run}`))
    problems.push(`${id} failed and is not in the dead-letter queue`);
  if (event.status !== 'delivered' && event.status !== 'failed') problems.push(`${id} is still ${event.status}`);
  const runs = Map.groupBy(event.attempts, ({ run }) => run);
  for (const [run, attempts] of runs) {
    const numbers = attempts.map(({ number }) => number);
    if (numbers.some((number, index) => number !== index + 1) || numbers.length > 8)
      problems.push(`${id} run ${run} has attempts ${numbers}`);
  }
  return problems;
}
