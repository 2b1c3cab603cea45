import { expect, test } from '@jest/globals';
import { deliverFromQueue } from '../../../shared/webhooks/deliver.ts';
import { BEGUN_DELAY_SECONDS, type Delivery, type FreshDelivery } from '../../../shared/webhooks/delivery.ts';
import type { EndpointAnswer } from '../../../shared/webhooks/endpoint-client.ts';
import { memoryEndpoints, memoryEvents } from '../../soak/memory-stores.ts';
import { virtualWorld, type World } from '../../soak/virtual-world.ts';
import { connectionTo, freshEvent, laneContainer } from '../../support/lane.ts';

const START = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;
const connection = connectionTo('https://tenant.example/');
const answered = (statusCode: number, durationMs: number): EndpointAnswer => ({
  statusCode,
  errorClass: statusCode < 300 ? null : 'status',
  response: '',
  retryAfterSeconds: null,
  durationMs,
});

/** One container of a lane in virtual time. @param post what the endpoint does */
function container(world: World, lane: 'fast' | 'slow', post: () => Promise<EndpointAnswer>) {
  const { store: events, items } = memoryEvents();
  const { store: endpoints } = memoryEndpoints();
  const diverted: { delivery: Delivery; delaySeconds: number }[] = [];
  const deliver = deliverFromQueue(
    laneContainer({
      lane,
      connections: [connection],
      events,
      endpoints,
      endpoint: { post },
      now: world.now,
      random: world.random,
      stopwatch: world,
      divert: async (delivery, delaySeconds = 0) => void diverted.push({ delivery, delaySeconds }),
    }),
  );
  return { deliver, items, endpoints, diverted };
}

test.each([
  ['20 failed events, all on the first day', [[0, 20]], 'open'],
  [
    '10 on the first day and 9 on the third: one too few',
    [
      [0, 10],
      [48, 9],
    ],
    'open',
  ],
  [
    '20 on two days, but only 71 hours',
    [
      [0, 19],
      [70, 1],
    ],
    'open',
    71,
  ],
  [
    '20 on two days, and 72 hours',
    [
      [0, 19],
      [48, 1],
    ],
    'disabled',
  ],
  [
    'one on the last of four days',
    [
      [0, 19],
      [72, 1],
    ],
    'disabled',
  ],
] as const)('no 2xx for 72 hours, %s', async (_case, failures, state, atHour: number = 72) => {
  const world = virtualWorld(1, START);
  const { deliver, endpoints, items } = container(world, 'slow', async () => answered(500, 20));
  let index = 0;
  const fail = async (count: number) => {
    for (let failed = 0; failed < count; failed += 1, index += 1) {
      const { event } = freshEvent(connection, world.now(), index);
      // As the probe of an open endpoint: an event that waits for its first attempt.
      await deliver({ kind: 'fresh', event, connection_id: connection.connectionId }, 1);
      const held = items.get(event.id);
      if (held?.status === 'held' && held.attempts.length === 0)
        await deliver(
          { kind: 'run', event_id: event.id, brand_id: event.brand_id, run: 1, attempt: 1, even_if_open: true },
          1,
        );
    }
  };
  for (const [hour, count] of failures) world.after(hour * HOUR, () => void fail(count));
  // Whatever fails then finds out, a retry too: here the second attempt of the first event.
  world.after(atHour * HOUR, () => {
    const first = [...items.values()].find(({ attempts }) => attempts.length === 1);
    if (first)
      void deliver(
        { kind: 'run', event_id: first.eventId, brand_id: first.brandId, run: 1, attempt: 2, even_if_open: true },
        1,
      );
  });
  await world.run(START + 100 * HOUR);
  expect(await endpoints.get(connection)).toMatchObject({
    state,
    ...(state === 'disabled' ? { reason: 'failing' } : {}),
  });
});

test('one 2xx in between, and the 72 hours begin anew', async () => {
  const world = virtualWorld(1, START);
  let status = 500;
  const { deliver, endpoints } = container(world, 'slow', async () => answered(status, 20));
  const at = (hour: number, index: number, answers: number) =>
    world.after(hour * HOUR, () => {
      status = answers;
      void deliver(freshEvent(connection, world.now(), index), 1);
    });
  // Nine a day and one that works: the breaker stays closed.
  for (let index = 0; index < 36; index += 1) at(index * 3, index, index === 20 ? 200 : 500);
  await world.run(START + 107 * HOUR);
  expect(await endpoints.get(connection)).toMatchObject({ state: 'closed' });
  for (let index = 36; index < 60; index += 1) at(index, index, 500);
  await world.run(START + 200 * HOUR);
  expect(await endpoints.get(connection)).toMatchObject({ state: 'disabled' });
});

test('an endpoint nobody knows yet that hangs holds a batch of the fast lane for 2 s, and its attempts still count', async () => {
  const world = virtualWorld(1, START);
  const { deliver, items, diverted, endpoints } = container(world, 'fast', async () => {
    await world.sleep(15_000);
    return { ...answered(500, 15_000), statusCode: null, errorClass: 'timeout' };
  });
  let freeAt = 0;
  const batch = Array.from({ length: 10 }, (_, index) => freshEvent(connection, START, index));
  world.after(0, () => {
    void Promise.all(batch.map((delivery) => deliver(delivery, 1))).then(() => {
      freeAt = world.now();
    });
  });
  await world.run(START + 10_000);
  expect(freeAt - START).toBe(2000);
  expect(await endpoints.get(connection)).toMatchObject({ lane: 'slow' });
  // Five were called and are looked at later; the other five did not get that far.
  const begun = diverted.filter(({ delivery }) => (delivery as FreshDelivery).is_begun);
  expect(begun.map(({ delaySeconds }) => delaySeconds)).toEqual(Array(5).fill(BEGUN_DELAY_SECONDS));
  expect(diverted.length - begun.length).toBe(5);
  expect(new Set(diverted.map(({ delivery }) => (delivery as FreshDelivery).event.id)).size).toBe(10);

  // The container lives on: the attempts come to their end, and the slow lane finds them.
  await world.run(START + 60_000);
  expect([...items.values()].map(({ attempts }) => attempts.map(({ errorClass }) => errorClass))).toEqual(
    Array(5).fill(['timeout']),
  );
  const slow = container(world, 'slow', () => Promise.reject(new Error('nobody is called again')));
  for (const [id, event] of items) slow.items.set(id, event);
  for (const { delivery } of begun) await slow.deliver(delivery, 1);
});

test('when its container dies or sleeps, the slow lane makes the attempt', async () => {
  const world = virtualWorld(1, START);
  const fast = container(world, 'fast', () => new Promise(() => {}));
  world.after(0, () => void fast.deliver(freshEvent(connection, START, 1), 1));
  await world.run(START + 5000);
  const [begun] = fast.diverted;
  const slow = container(world, 'slow', async () => answered(200, 20));
  await slow.deliver(begun?.delivery as Delivery, 1);
  expect([...slow.items.values()]).toMatchObject([{ status: 'delivered', attempts: [{ number: 1 }] }]);
});
