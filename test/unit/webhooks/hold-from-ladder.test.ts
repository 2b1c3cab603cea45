import { expect, test } from '@jest/globals';
import type { EventStore, StoredEvent } from '../../../shared/store/event-store.ts';
import { deliverFromLadder } from '../../../shared/webhooks/deliver.ts';
import { memoryEndpoints, memoryEvents } from '../../soak/memory-stores.ts';
import { connectionTo, freshEvent, laneContainer } from '../../support/lane.ts';

const START = Date.UTC(2026, 10, 22, 12);
const connection = connectionTo('https://tenant.example/');
const { event } = freshEvent(connection, START, 1);
const attempt = {
  run: 1,
  number: 1,
  at: START,
  durationMs: 5,
  statusCode: 500,
  errorClass: 'status',
  response: '',
  nextAttemptAt: START + 1000,
};

/** One rung of a ladder whose endpoint is disabled. @param replay made when the ladder has read the event and not yet held it */
async function rung(replay: (events: EventStore, before: StoredEvent) => Promise<unknown>) {
  const { store, items } = memoryEvents();
  const { store: endpoints } = memoryEndpoints();
  const { brandId, connectionId } = connection;
  const item = { eventId: event.id, brandId, connectionId, type: event.type, event, run: 1, createdAt: START };
  await store.insert({ ...item, status: 'retrying', attempts: [attempt] });
  await endpoints.addLadder(connection, START);
  await endpoints.disable(connection, 'gone', START);
  let isReplayed = false;
  const events: EventStore = {
    ...store,
    holdAsNextRun: async (before) => {
      if (!isReplayed) await replay(store, before);
      isReplayed = true;
      return store.holdAsNextRun(before);
    },
  };
  const givenUp: number[] = [];
  const climb = deliverFromLadder(
    laneContainer({
      lane: 'slow',
      connections: [connection],
      events,
      endpoints,
      endpoint: { post: () => Promise.reject(new Error('nobody is called')) },
      now: () => START,
      giveUp: async ({ run }) => void givenUp.push(run),
    }),
  );
  const step = { event_id: event.id, brand_id: brandId, run: 1, attempt: 2, wait_seconds: 0 };
  const ended = await climb(step).catch((error: Error) => error);
  const { ladders } = await endpoints.get(connection);
  return { ended, ladders, givenUp, event: items.get(event.id) };
}

const replayed = (status: 'retrying' | 'delivered' | 'failed') => (events: EventStore, before: StoredEvent) =>
  events.recordAttempt(before, { ...attempt, number: 2 }, status);

test("an event is held although a replay's attempt came between the ladder's read and its write", async () => {
  const { ended, ladders, event: stored } = await rung(replayed('retrying'));
  expect(stored).toMatchObject({ status: 'held', run: 2, attempts: [{ number: 1 }, { number: 2 }] });
  expect(ended).toMatchObject({ name: 'LadderEnded', message: 'superseded' });
  expect(ladders).toBe(0);
});

test.each([
  ['delivered', []],
  ['failed', [1]],
] as const)('a replay that ended the run as %s ends its ladder so', async (status, givenUp) => {
  const rungs = await rung(replayed(status));
  expect(rungs.ended).toMatchObject({ name: 'LadderEnded', message: status });
  expect(rungs.event).toMatchObject({ status, run: 1 });
  expect(rungs).toMatchObject({ ladders: 0, givenUp });
});

test('another run is not touched', async () => {
  const { ended, event: stored } = await rung(async (events, before) => {
    await replayed('failed')(events, before);
    await events.startNextRun(before, 1, 'failed');
  });
  expect(ended).toMatchObject({ name: 'LadderEnded', message: 'superseded' });
  expect(stored).toMatchObject({ status: 'pending', run: 2 });
});
