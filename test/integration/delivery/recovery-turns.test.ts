import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointStore } from '../../../shared/store/endpoint-store.ts';
import { eventStore } from '../../../shared/store/event-store.ts';
import { type RecoveryStore, recoveryStore } from '../../../shared/store/recovery-store.ts';
import { backlogWorld } from '../../support/backlog-world.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

const LIMITS = { perSecond: 20, inFlight: 20, ladders: 500 };

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb({
    endpoints: ['connectionId'],
    events: ['brandShard', 'eventId'],
    recoveries: ['brandId', 'recoveryId'],
  });
}, 60_000);
afterAll(() => database?.stop());

/** @param broken what the turns are given in place of the store's own */
function world(name: string, broken: (store: RecoveryStore) => Partial<RecoveryStore> = () => ({})) {
  const { client } = database;
  const store = recoveryStore(client, 'recoveries');
  const recoveries = { ...store, ...broken(store) };
  const stores = { endpoints: endpointStore(client, 'endpoints'), events: eventStore(client, 'events'), recoveries };
  const made = backlogWorld(stores, LIMITS, name);
  const { brandId } = made.connection;
  const job = () => store.get({ brandId, recoveryId: 'rec_a' });
  const timesSent = () => [...made.sent.values()].map(({ times }) => times);
  return { ...made, ...stores, job, timesSent };
}

/** The first call does this instead. */
const atFirst = <Args extends unknown[], Result>(
  instead: (...args: Args) => Promise<Result>,
  call: (...args: Args) => Promise<Result>,
) => {
  let calls = 0;
  return (...args: Args) => (calls++ === 0 ? instead(...args) : call(...args));
};
const killed = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('killed'));

test('a recovery that dies between its last turn and its end does not begin anew', async () => {
  const { store, recovery, run, timesSent, job } = world('end', ({ end }) => ({ end: atFirst(killed, end) }));
  await store('delivered', 'message.received', 30);
  await recovery('rec_a', 'message.received', 0, 2, ['delivered']);
  await run(1000);
  expect(timesSent()).toEqual(Array(30).fill(1));
  expect(await job()).toMatchObject({ status: 'completed', enqueued: 30 });
});

test('of two turns at once only one moves a recovery on', async () => {
  const { store, recovery, recoveries, job } = world('both');
  await store('failed', 'message.received', 1);
  await recovery('rec_a', 'message.received', 0, 2);
  const seen = await job();
  if (!seen) throw new Error('It is not there');
  expect(await recoveries.progress(seen, 'evt_2', 2)).toBe(true);
  expect(await recoveries.progress(seen, 'evt_1', 1)).toBe(false);
  expect(await job()).toMatchObject({ lookedAtUpTo: 'evt_2', enqueued: 2 });
});

test('a turn that another one has overtaken looks again, and its recovery comes to its end', async () => {
  const { store, recovery, run, timesSent, job } = world('overtaken', ({ progress }) => ({
    progress: atFirst(async (before, upTo, more) => {
      await progress(before, upTo, more);
      return progress(before, before.lookedAtUpTo, 0);
    }, progress),
  }));
  await store('delivered', 'message.received', 30);
  await recovery('rec_a', 'message.received', 0, 2, ['delivered']);
  await run(1000);
  expect(timesSent()).toEqual(Array(30).fill(1));
  expect(await job()).toMatchObject({ status: 'completed', enqueued: 30 });
});
