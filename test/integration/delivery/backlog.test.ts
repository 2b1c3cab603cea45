import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointStore } from '../../../shared/store/endpoint-store.ts';
import { eventStore } from '../../../shared/store/event-store.ts';
import { recoveryStore } from '../../../shared/store/recovery-store.ts';
import { BACKLOG_TABLES, backlogWorld, START } from '../../support/backlog-world.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

const LIMITS = { perSecond: 20, inFlight: 20, ladders: 500 };
const HALF = LIMITS.perSecond / 2;

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb(BACKLOG_TABLES);
}, 60_000);
afterAll(() => database?.stop());

function world(name: string) {
  const { client } = database;
  const stores = {
    endpoints: endpointStore(client, 'endpoints'),
    events: eventStore(client, 'events'),
    recoveries: recoveryStore(client, 'recoveries'),
  };
  return backlogWorld(stores, LIMITS, name);
}

test('two recoveries and a release at once take half of the rate together, and each its share', async () => {
  const { store, recovery, release, run, shown, sent } = world('together');
  await store('failed', 'message.received', 150);
  await store('failed', 'message.sent', 150);
  await store('held', 'message.received', 150);
  await recovery('rec_a', 'message.received', 0, 100);
  await release(3);
  await recovery('rec_b', 'message.sent', 4, 100);
  await run(120);
  expect(Math.max(...shown.values())).toBeLessThanOrEqual(HALF);
  const by = (job: string) => [...sent.values()].filter((one) => one.by === job);
  expect(by('rec_a')).toHaveLength(150);
  expect(by('rec_b')).toHaveLength(150);
  expect(by('release')).toHaveLength(150);
  // 450 events at 10 a second: without anybody waiting for nothing it takes 45 s and the turns of the beginning.
  expect(Math.max(...shown.keys()) - START / 1000).toBeLessThanOrEqual(75);
  // Nobody waits until another is through.
  const firstHalf = [...sent.values()].filter(({ at }) => at < START + 35_000);
  for (const job of ['rec_a', 'rec_b', 'release'])
    expect(firstHalf.filter((one) => one.by === job).length).toBeGreaterThan(20);
}, 120_000);

test('a turn that dies half-way costs its own share, and a job that never comes back leaves its share to the others', async () => {
  const { store, recovery, run, shown, sent, kill, jobs } = world('dying');
  await store('failed', 'message.received', 200);
  // So many that the other is still at it when the dead one is overdue, whoever of the two claimed first.
  await store('failed', 'message.sent', 600);
  await recovery('rec_a', 'message.received', 0, 100);
  await recovery('rec_b', 'message.sent', 0, 100);
  let deaths = 0;
  kill((job) => job === 'rec_a' && deaths++ === 0);
  await run(25);
  jobs.splice(
    jobs.findIndex(({ name }) => name === 'rec_a'),
    1,
  );
  await run(300);
  expect(deaths).toBeGreaterThan(1);
  expect(Math.max(...shown.values())).toBeLessThanOrEqual(HALF);
  expect([...sent.values()].filter(({ by }) => by === 'rec_b')).toHaveLength(600);
  // Alone again it has the whole half.
  const last = Math.max(...shown.keys());
  expect([last - 5, last - 4, last - 3].map((second) => shown.get(second))).toEqual([HALF, HALF, HALF]);
}, 120_000);

test('what a slow recovery leaves of its share goes to the others', async () => {
  const { store, recovery, run, shown } = world('slow');
  await store('failed', 'message.received', 100);
  await store('failed', 'message.sent', 300);
  await recovery('rec_a', 'message.received', 0, 2);
  await recovery('rec_b', 'message.sent', 0, 100);
  await run(120);
  expect(Math.max(...shown.values())).toBe(HALF);
  expect(Math.max(...shown.keys()) - START / 1000).toBeLessThanOrEqual(80);
}, 120_000);
