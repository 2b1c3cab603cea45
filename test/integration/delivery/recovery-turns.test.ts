import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointStore } from '../../../shared/store/endpoint-store.ts';
import { eventStore } from '../../../shared/store/event-store.ts';
import { type RecoveryStore, recoveryStore } from '../../../shared/store/recovery-store.ts';
import { BACKLOG_TABLES, backlogWorld, START } from '../../support/backlog-world.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

const LIMITS = { perSecond: 20, inFlight: 20, ladders: 500 };

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb(BACKLOG_TABLES);
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
  /** What is stored, as `status run`, and how often. */
  const stored = async () => {
    const { events } = await stores.events.part(brandId, { from: 'evt_', to: 'evt_~' }, () => true);
    const groups = Map.groupBy(events, ({ status, run }) => `${status} ${run}`);
    return Object.fromEntries([...groups].map(([which, some]) => [which, some.length]));
  };
  return { ...made, ...stores, job, timesSent, stored };
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

test.each(['cancelled', 'stopped'] as const)(
  'a recovery that is %s when a turn has died leaves no event begun and not sent',
  async (end) => {
    const { store, recovery, run, kill, stored, job, recoveries, endpoints, connection } = world(end);
    for (const status of ['failed', 'held', 'delivered'] as const) await store(status, 'message.received', 8);
    await recovery('rec_a', 'message.received', 0, 100, ['failed', 'held', 'delivered']);
    kill(() => true); // after ten messages
    await run(0);
    const seen = await job();
    if (seen && end === 'cancelled') await recoveries.end(seen, end, START);
    if (end === 'stopped') await endpoints.disable(await endpoints.get(connection), 'gone', START);
    await run(1000);
    expect(await job()).toMatchObject({ status: end });
    // The oldest ten, whatever they were before; the others are as they were.
    const { 'delivered 2': begun, ...others } = await stored();
    expect(begun).toBe(10);
    expect(Object.keys(others).every((which) => /^(failed|held|delivered) 1$/.test(which))).toBe(true);
    expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(14);
  },
);

test('a turn that dies when all is sent sends nothing twice, and what it sent is counted', async () => {
  const { store, recovery, run, timesSent, job, stored } = world('sent', ({ progress }) => ({
    progress: atFirst(killed, progress),
  }));
  await store('delivered', 'message.received', 30);
  await recovery('rec_a', 'message.received', 0, 2, ['delivered']);
  await run(1000);
  expect(timesSent()).toEqual(Array(30).fill(1));
  expect(await stored()).toEqual({ 'delivered 2': 30 });
  expect(await job()).toMatchObject({ status: 'completed', enqueued: 30 });
});

test('a run that somebody else has begun meanwhile is left to them', async () => {
  const { store, events, take, stored, connection } = world('others');
  await store('failed', 'message.received', 1);
  const { brandId } = connection;
  const [event] = (await events.part(brandId, { from: 'evt_', to: 'evt_~' }, () => true)).events;
  if (!event) throw new Error('It is not there');
  await events.startNextRun(event, 1, 'failed', 'rec_a');
  const run = { event_id: event.eventId, brand_id: brandId, run: 2, attempt: 1, after: 'failed' as const };
  await take({ kind: 'run', ...run, started_by: 'rec_b', even_if_open: false }, 1);
  expect(await stored()).toEqual({ 'pending 2': 1 });
  await take({ kind: 'run', ...run, started_by: 'rec_a', even_if_open: false }, 1);
  expect(await stored()).toEqual({ 'delivered 2': 1 });
});
