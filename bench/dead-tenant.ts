import type { DeliveryDeps } from '../shared/webhooks/carry-on.ts';
import { deliverFromLadder, deliverFromQueue } from '../shared/webhooks/deliver.ts';
import type { Delivery, LadderStep } from '../shared/webhooks/delivery.ts';
import type { EndpointAnswer } from '../shared/webhooks/endpoint-client.ts';
import { memoryEndpoints, memoryEvents } from '../test/soak/memory-stores.ts';
import { queue } from '../test/soak/queues.ts';
import { virtualWorld } from '../test/soak/virtual-world.ts';
import { connectionTo, freshEvent, laneContainer } from '../test/support/lane.ts';

const START = Date.UTC(2026, 10, 22);
/** As the stage `dev` has it: infra/config.ts. */
const LANES = { fast: { concurrency: 20, batchSize: 10 }, slow: { concurrency: 10, batchSize: 4 } } as const;
/** What a call of a store takes, and an invocation by Step Functions, milliseconds. */
const STORE_MS = 4;
const INVOKE_MS = 30;

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
export const quantile = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

type Options = {
  seed: number;
  /** Healthy tenants, and what each of them gets a second. */
  tenants: number;
  perSecond: number;
  /** How much more the one that dies gets, and from which second on it is dead; never, when null. */
  timesAsMuch: number;
  deadFrom: number | null;
  seconds: number;
};

/**
 * The real code of both lanes in virtual time: 20 containers with batches of ten, 10 with four, ladders, breaker. One
 * tenant hangs from some second on; the others answer in 20–80 ms.
 * @returns how long the others' events took from their queue to their endpoint, milliseconds, and how late retries were
 */
export async function deadTenant({ seed, tenants, perSecond, timesAsMuch, deadFrom, seconds }: Options) {
  const world = virtualWorld(seed, START);
  const { store: events } = memoryEvents();
  const { store: endpoints } = memoryEndpoints();
  const slowed = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name) => {
        const member = Reflect.get(object, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await world.sleep(STORE_MS);
          return member.apply(object, args);
        };
      },
    });
  const connections = Array.from({ length: tenants + 1 }, (_, index) =>
    connectionTo(`https://tenant-${index}.example/`, String(index)),
  );
  const dead = `https://tenant-${tenants}.example/`;
  const isDead = () => deadFrom !== null && world.now() >= START + deadFrom * 1000;
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  const post = async (url: string, _headers: Record<string, string>, body: string): Promise<EndpointAnswer> => {
    const failed = { statusCode: null, response: '', retryAfterSeconds: null };
    if (url === dead && isDead()) {
      await world.sleep(15_000);
      return { ...failed, errorClass: 'timeout', durationMs: 15_000 };
    }
    const ms = 20 + world.random() * 60;
    const { id } = JSON.parse(body) as { id: string };
    if (sentAt.has(id)) {
      took.push(world.now() - (sentAt.get(id) ?? 0));
      sentAt.delete(id);
    }
    await world.sleep(ms);
    return { ...failed, statusCode: 200, errorClass: null, durationMs: Math.round(ms) };
  };

  const ladders = new Map<string, Promise<void>>();
  let running = 0;
  let peak = 0;
  const climb = async (first: LadderStep): Promise<void> => {
    running += 1;
    peak = Math.max(peak, running);
    for (let step: LadderStep | null = first; step; ) {
      await world.sleep(step.wait_seconds * 1000 + INVOKE_MS);
      const taken: LadderStep = step;
      step = await deliverFromLadder(pick('slow'))(taken).catch(() => null);
    }
    running -= 1;
  };
  const deps = (lane: 'fast' | 'slow'): DeliveryDeps =>
    laneContainer({
      lane,
      connections,
      events: slowed(events),
      endpoints: slowed(endpoints),
      endpoint: { post },
      now: world.now,
      random: world.random,
      stopwatch: world,
      divert: async (delivery, delaySeconds = 0) => {
        await world.sleep(STORE_MS);
        slow.send(delivery, delaySeconds * 1000);
      },
      startLadder: async (step) => {
        const run = `${step.event_id}-${step.run}`;
        if (!ladders.has(run)) ladders.set(run, climb(step));
      },
    });
  const containers = {
    fast: Array.from({ length: LANES.fast.concurrency }, () => deps('fast')),
    slow: Array.from({ length: LANES.slow.concurrency }, () => deps('slow')),
  };
  const pick = (lane: 'fast' | 'slow') =>
    containers[lane][Math.floor(world.random() * containers[lane].length)] as DeliveryDeps;
  const work = (lane: 'fast' | 'slow') => async (batch: { body: Delivery; receiveCount: number }[]) => {
    const deliver = deliverFromQueue(pick(lane));
    return Promise.all(
      batch.map(({ body, receiveCount }) =>
        deliver(body, receiveCount).then(
          () => 'done' as const,
          () => 'leave' as const,
        ),
      ),
    );
  };
  const common = { visibilityMs: 360_000, maxReceives: 5, duplicates: 0, dead: [] };
  const fast = queue<Delivery>(world, { ...common, ...LANES.fast, work: work('fast') });
  const slow = queue<Delivery>(world, { ...common, ...LANES.slow, work: work('slow') });

  let index = 0;
  for (const [tenant, connection] of connections.entries()) {
    const rate = perSecond * (tenant === tenants ? timesAsMuch : 1);
    for (let at = world.random() / rate; at < seconds; at += -Math.log(1 - world.random()) / rate) {
      const delivery = freshEvent(connection, START + Math.floor(at * 1000), index++);
      world.after(at * 1000, () => {
        if (tenant < tenants) sentAt.set(delivery.event.id, world.now());
        fast.send(delivery);
      });
    }
  }
  await world.run(START + (seconds + 30) * 1000);
  return {
    events: took.length,
    p50: quantile(took, 0.5),
    p95: quantile(took, 0.95),
    p99: quantile(took, 0.99),
    /** Events of the others that did not arrive. */
    missing: sentAt.size,
    peakLadders: peak,
  };
}
