import { deliverFromLadder, deliverFromQueue } from '../shared/webhooks/deliver.ts';
import type { LadderStep } from '../shared/webhooks/delivery.ts';
import { RETRY_DELAYS_SECONDS } from '../shared/webhooks/retry-schedule.ts';
import { memoryEndpoints, memoryEvents } from '../test/soak/memory-stores.ts';
import { virtualWorld } from '../test/soak/virtual-world.ts';
import { connectionTo, freshEvent, laneContainer } from '../test/support/lane.ts';
import { quantile } from './dead-tenant.ts';

const START = Date.UTC(2026, 10, 22);
const LADDERS = 1000;
/** Between Step Functions' timer and our code: mostly a warm invocation, one in a hundred a cold one, milliseconds. */
const WARM_MS = 30;
const COLD_MS = 600;
const COLD_SHARE = 0.01;

/**
 * How much later than its jittered wait each rung's attempt is made, p99, by the real code of the ladder in virtual time.
 * The waits are its own; what an invocation takes is assumed.
 */
export async function retryPrecision(seed: number) {
  const world = virtualWorld(seed, START);
  const { store: events, items } = memoryEvents();
  const { store: endpoints } = memoryEndpoints();
  const connections = Array.from({ length: LADDERS }, (_, index) => connectionTo('https://t.example/', String(index)));
  const deps = laneContainer({
    lane: 'slow',
    connections,
    events,
    endpoints,
    endpoint: {
      post: async () => {
        const durationMs = Math.round(5 + world.random() * 50);
        await world.sleep(durationMs);
        return { statusCode: 500, errorClass: 'status', response: '', retryAfterSeconds: null, durationMs };
      },
    },
    now: world.now,
    random: world.random,
    stopwatch: world,
    startLadder: async (step) => void climb(step),
  });
  const climb = async (first: LadderStep): Promise<void> => {
    for (let step: LadderStep | null = first; step; ) {
      const overhead = world.random() < COLD_SHARE ? COLD_MS : WARM_MS;
      await world.sleep(step.wait_seconds * 1000 + overhead);
      const taken: LadderStep = step;
      step = await deliverFromLadder(deps)(taken).catch(() => null);
    }
  };
  for (const [index, connection] of connections.entries())
    world.after(index * 7, () => void deliverFromQueue(deps)(freshEvent(connection, START, index), 1));
  await world.run(START + 48 * 3_600_000);

  return RETRY_DELAYS_SECONDS.map((seconds, rung) => {
    const late = [...items.values()].flatMap(({ attempts }) => {
      const [before, after] = [attempts[rung], attempts[rung + 1]];
      return before?.nextAttemptAt && after ? [(after.at - before.nextAttemptAt) / 1000] : [];
    });
    return { seconds, attempts: late.length, earliest: Math.min(...late), p99: quantile(late, 0.99) };
  });
}
