import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { leasedBucket } from '../../../shared/limits/leased-bucket.ts';
import { limitStore } from '../../../shared/store/limit-store.ts';
import { memoryDynamodb } from '../../support/memory-dynamodb.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

jest.setTimeout(90_000);

const START = Date.UTC(2026, 0, 1);
let real: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  real = await realDynamodb({ limits: ['id'] });
});
afterAll(() => real?.stop());

const perMinute = (quota: number) => ({ burst: quota, intervalMs: 60_000 / quota });

/** Writes that pass through. */
function counting(client: DynamoDBDocumentClient) {
  let writes = 0;
  const counted = Object.assign(Object.create(client) as DynamoDBDocumentClient, {
    send: (command: Parameters<DynamoDBDocumentClient['send']>[0]) => {
      writes += 1;
      return client.send(command);
    },
  });
  return { client: counted, writes: () => writes };
}

/** DynamoDB in memory, each command done when the event loop gets to it: real ones would take minutes. */
const inMemory = () =>
  memoryDynamodb({ limits: ['id'] }).client(async (_command, run) => {
    await new Promise(setImmediate);
    return run();
  });

describe('the bucket that containers lease from', () => {
  test.each([
    ['50 containers, on DynamoDB', 50, 40, () => real.client],
    ['50 containers', 50, 40, inMemory],
    ['8 containers', 8, 40, inMemory],
    ['one container', 1, 40, inMemory],
    ['8 containers, a limit of 20', 8, 20, inMemory],
  ])(
    '200 keys × 50 parallel requests, %s: never more than the limit, never less than 95 %% of it',
    async (name, containers, quota, database) => {
      const { client, writes } = counting(database());
      const buckets = Array.from({ length: containers }, () => leasedBucket(limitStore(client, 'limits'), () => START));
      const passed: number[] = [];
      for (let key = 0; key < 200; key += 4) {
        const group = Array.from({ length: 4 }, (_, i) => `${name}-${key + i}`);
        const counts = await Promise.all(
          group.map(async (id) => {
            const taken = await Promise.all(
              Array.from({ length: 50 }, (_, i) => buckets[i % containers]!.take(id, perMinute(quota))),
            );
            return taken.filter(({ isTaken }) => isTaken).length;
          }),
        );
        passed.push(...counts);
      }
      console.log(
        `${name}: limit ${quota}, passed ${Math.min(...passed)}–${Math.max(...passed)} of 50, ${writes()} writes for 10,000 requests`,
      );
      expect(passed).toHaveLength(200);
      expect(Math.max(...passed)).toBeLessThanOrEqual(quota);
      expect(Math.min(...passed)).toBeGreaterThanOrEqual(quota * 0.95);
    },
  );

  test('in any minute no more than its burst and what was refilled pass, also when tokens are held', async () => {
    const quota = 400;
    let at = START;
    const database = inMemory();
    const buckets = Array.from({ length: 5 }, () => leasedBucket(limitStore(database, 'limits'), () => at));
    const times: number[] = [];
    for (let i = 0; i < 4000; i++) {
      at += i % 1000 === 0 ? 70_000 : (i * 7919) % 90;
      if ((await buckets[(i * 31) % 5]!.take('any-minute', perMinute(quota))).isTaken) times.push(at);
    }
    for (const [first, from] of times.entries()) {
      const excess = times.slice(first).map((at, i) => i + 1 - ((at - from) / 60_000) * quota);
      expect(excess.reduce((most, one) => Math.max(most, one), 0)).toBeLessThanOrEqual(quota + 1);
    }
    expect(times.length).toBeGreaterThan(1500);
  });

  test('a busy container writes seldom: less than one write for ten requests', async () => {
    const { client, writes } = counting(inMemory());
    let at = START;
    const bucket = leasedBucket(limitStore(client, 'limits'), () => at);
    for (let i = 0; i < 400; i++) {
      at += 20;
      expect((await bucket.take('busy', perMinute(6000))).isTaken).toBe(true);
    }
    console.log(`400 requests of a busy container: ${writes()} writes`);
    expect(writes()).toBeLessThan(40);
  });

  test('an empty bucket says when to come back, and costs nothing to ask again', async () => {
    const { client, writes } = counting(inMemory());
    let at = START;
    const bucket = leasedBucket(limitStore(client, 'limits'), () => at);
    for (let i = 0; i < 6; i++) await bucket.take('empty', perMinute(6));
    const before = writes();
    const refused = await bucket.take('empty', perMinute(6));
    expect(refused).toEqual({ isTaken: false, retryAfterMs: 10_000 });
    expect(writes()).toBe(before);
    at += 10_000;
    expect((await bucket.take('empty', perMinute(6))).isTaken).toBe(true);
  });
});

describe('codes to one person', () => {
  const WINDOWS = [
    { max: 5, ms: 600_000 },
    { max: 20, ms: 86_400_000 },
  ];

  test('50 at once: five pass, and each of the others hears how long to wait', async () => {
    const store = limitStore(real.client, 'limits');
    const waits = await Promise.all(Array.from({ length: 50 }, () => store.addRecent('otp-a', WINDOWS, START)));
    expect(waits.filter((wait) => wait === null)).toHaveLength(5);
    expect(new Set(waits.filter((wait) => wait !== null))).toEqual(new Set([600_000]));
  });

  test('five in any ten minutes, twenty in any day, whatever the rhythm; the list stays short', async () => {
    const store = limitStore(inMemory(), 'limits');
    const passed: number[] = [];
    for (let minute = 0; minute < 3 * 24 * 60; minute += 1) {
      const at = START + minute * 60_000;
      if (minute % 7 < 3 && (await store.addRecent('otp-b', WINDOWS, at)) === null) passed.push(at);
    }
    for (const { max, ms } of WINDOWS) {
      for (const [i, at] of passed.entries()) {
        expect(passed.filter((other) => other >= at && other < at + ms).length).toBeLessThanOrEqual(max);
        expect(i).toBeGreaterThanOrEqual(0);
      }
    }
    expect(passed.length).toBe(60);
  });

  test('a code that was not sent is given back', async () => {
    const store = limitStore(real.client, 'limits');
    for (let i = 0; i < 5; i++) expect(await store.addRecent('otp-c', WINDOWS, START + i)).toBeNull();
    expect(await store.addRecent('otp-c', WINDOWS, START + 5)).toBe(599_995);
    expect(await store.removeRecent('otp-c', START + 4)).toBe(true);
    expect(await store.removeRecent('otp-c', START + 4)).toBe(false);
    expect(await store.addRecent('otp-c', WINDOWS, START + 5)).toBeNull();
  });
});
