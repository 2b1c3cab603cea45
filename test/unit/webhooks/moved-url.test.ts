import { expect, test } from '@jest/globals';
import type { Connection } from '../../../shared/store/connection-store.ts';
import { deliverFromLadder, deliverFromQueue } from '../../../shared/webhooks/deliver.ts';
import type { EndpointAnswer, ErrorClass } from '../../../shared/webhooks/endpoint-client.ts';
import { memoryEndpoints, memoryEvents } from '../../soak/memory-stores.ts';
import { connectionTo, freshEvent, laneContainer } from '../../support/lane.ts';

const START = Date.UTC(2026, 10, 22, 12);
const [OLD, NEW] = ['https://old.example/', 'https://new.example/'];
const CHANGED = /enabled, or given another URL/;

const answer = (statusCode: number | null, errorClass: ErrorClass | null): EndpointAnswer => ({
  statusCode,
  errorClass,
  response: '',
  retryAfterSeconds: null,
  durationMs: 5,
});
const FINE = answer(200, null);
/** What ends the calls to an endpoint at once, and the state it leaves. */
const ENDS = [
  ['410', answer(410, 'status'), 'disabled'],
  ['a refused address', answer(null, 'address_not_allowed'), 'blocked'],
] as const;

/** One warm container of a lane, and a tenant who moves from one URL to another. */
function tenant(lane: 'fast' | 'slow', oldAnswers: () => EndpointAnswer | Promise<EndpointAnswer>) {
  const { store: events, items } = memoryEvents();
  const { store: endpoints } = memoryEndpoints();
  let connection: Connection = connectionTo(OLD);
  let [time, index] = [START, 0];
  const called: string[] = [];
  const deps = laneContainer({
    lane,
    connections: [],
    readConnection: async () => connection,
    events,
    endpoints,
    endpoint: {
      post: async (url) => {
        called.push(url);
        return url === OLD ? oldAnswers() : FINE;
      },
    },
    now: () => time,
    random: () => 0,
  });
  const next = () => freshEvent(connection, time, index++);
  return {
    called,
    items,
    next,
    deliver: deliverFromQueue(deps),
    climb: deliverFromLadder(deps),
    statuses: () => [...items.values()].map(({ status, attempts }) => [status, attempts.length]),
    endpoint: () => endpoints.get(connection),
    wait(seconds: number) {
      time += seconds * 1000;
    },
    enable: () => endpoints.enable(connection, time, time),
    setUrl() {
      connection = { ...connection, webhookUrl: NEW };
    },
    /** What PATCH with another `webhook_url` writes, in one transaction. */
    async move() {
      this.setUrl();
      await this.enable();
    },
  };
}

test.each(ENDS)(
  'after %s and a new URL nobody calls the old one, however warm the container',
  async (_, ends, state) => {
    for (const lane of ['fast', 'slow'] as const) {
      const world = tenant(lane, () => ends);
      await world.deliver(world.next(), 1);
      expect(await world.endpoint()).toMatchObject({ state });
      // What arrives now is held, and keeps the container warm.
      world.wait(3);
      await world.deliver(world.next(), 1);
      await world.move();
      world.wait(3);
      await world.deliver(world.next(), 1);
      expect(world.called).toEqual([OLD, NEW]);
      expect(world.statuses().at(-1)).toEqual(['delivered', 1]);
      expect(await world.endpoint()).toMatchObject({ state: 'closed', failures: 0 });
    }
  },
);

test('what the old URL fails is not counted against the new one', async () => {
  const world = tenant('fast', () => answer(500, 'status'));
  for (let failed = 0; failed < 12; failed += 1) await world.deliver(world.next(), 1);
  expect(await world.endpoint()).toMatchObject({ state: 'open' });
  await world.move();
  world.wait(3);
  for (let made = 0; made < 12; made += 1) await world.deliver(world.next(), 1);
  expect(world.called.slice(-12)).toEqual(Array(12).fill(NEW));
  expect(await world.endpoint()).toMatchObject({ state: 'closed', failures: 0 });
});

const MEANWHILE = [
  ['it is given another URL', 'move'],
  ['it is given another URL without being enabled', 'setUrl'],
  ['it is enabled', 'enable'],
] as const;
const CASES = ENDS.flatMap(([name, ends]) => MEANWHILE.map(([what, how]) => [name, what, ends, how] as const));

test.each(CASES)('%s on its way while %s costs no attempt, and ends nothing', async (_name, _what, ends, how) => {
  let meanwhile: () => unknown = () => {};
  let answers: EndpointAnswer = ends;
  const world = tenant('fast', async () => {
    await meanwhile();
    return answers;
  });
  meanwhile = () => world[how]();
  const delivery = world.next();
  await expect(world.deliver(delivery, 1)).rejects.toThrow(CHANGED);
  expect(world.items.size).toBe(0);
  expect(await world.endpoint()).toMatchObject({ state: 'closed', failures: 0, attempts: 0 });

  // SQS brings it again: the same container, which has forgotten what it knew.
  answers = FINE;
  await world.deliver(delivery, 2);
  expect(world.called).toEqual([OLD, how === 'enable' ? OLD : NEW]);
  expect(world.statuses()).toEqual([['delivered', 1]]);
});

test.each(CASES)('on the ladder: %s on its way while %s repeats the rung', async (_name, _what, ends, how) => {
  let meanwhile: () => unknown = () => {};
  let answers: EndpointAnswer = answer(500, 'status');
  const world = tenant('slow', async () => {
    await meanwhile();
    return answers;
  });
  const delivery = world.next();
  await world.deliver(delivery, 1);
  const { id: event_id, brand_id } = delivery.event;
  const step = { event_id, brand_id, run: 1, attempt: 2, wait_seconds: 0 };
  meanwhile = () => world[how]();
  answers = ends;
  await expect(world.climb(step)).rejects.toThrow(CHANGED);
  expect(world.statuses()).toEqual([['retrying', 1]]);
  expect(await world.endpoint()).toMatchObject({ state: 'closed' });

  answers = FINE;
  await expect(world.climb(step)).rejects.toThrow('delivered');
  expect(world.statuses()).toEqual([['delivered', 2]]);
});
