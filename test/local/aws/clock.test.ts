import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../../local/aws/database.ts';
import { type Clock, virtualClock } from '../../../local/clock.ts';
import { until } from './aws-fixture.ts';

let database: DatabaseSync;
let clock: Clock;
const DAY_MS = 86_400_000;

beforeEach(() => {
  database = openDatabase(':memory:');
  clock = virtualClock(database);
});
afterEach(() => {
  clock.stop();
  database.close();
});
/** As after `kill -9`: nothing is said goodbye to. */
const restarted = () => virtualClock(database);

test('starts at real time and real speed', () => {
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
  expect(clock.scale).toBe(1);
});

test('is continuous when its speed changes', () => {
  const before = clock.now();
  for (const scale of [3600, 0, 1, 1000, 0]) {
    clock.setScale(scale);
    expect(clock.now() - before).toBeLessThan(60_000);
  }
  expect(clock.now()).toBeGreaterThanOrEqual(before);
});

test('runs as fast as it is told', async () => {
  clock.setScale(36_000);
  const before = clock.now();
  await clock.sleep(3_600_000);
  expect(clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
});

describe('timers', () => {
  test('fire in the order they are due when time jumps, and not before', () => {
    clock.setScale(0);
    const fired: string[] = [];
    clock.setTimeout(() => fired.push('third'), 40 * DAY_MS);
    clock.setTimeout(() => fired.push('first'), 1000);
    clock.setTimeout(() => fired.push('second'), 1000);
    const cancel = clock.setTimeout(() => fired.push('cancelled'), 500);
    cancel();
    clock.advance(999);
    expect(fired).toEqual([]);
    clock.advance(1);
    expect(fired).toEqual(['first', 'second']);
    clock.advance(40 * DAY_MS);
    expect(fired).toEqual(['first', 'second', 'third']);
  });

  test('never fire before their time, at any speed', async () => {
    clock.setScale(7.3);
    for (const delay of [1, 5, 10, 33]) {
      const due = clock.now() + delay;
      await clock.sleep(delay);
      expect(clock.now()).toBeGreaterThanOrEqual(due);
    }
  });

  test('of more than 24.8 days do not fire at once', async () => {
    let hasFired = false;
    clock.setTimeout(() => {
      hasFired = true;
    }, 30 * DAY_MS);
    await clock.sleep(5);
    expect(hasFired).toBe(false);
    clock.advance(30 * DAY_MS);
    expect(hasFired).toBe(true);
  });

  test('are set again when the speed changes', async () => {
    let hasFired = false;
    clock.setTimeout(() => {
      hasFired = true;
    }, DAY_MS);
    clock.setScale(DAY_MS);
    await until(() => hasFired);
  });

  test('one that sets itself again does not shut the others out', () => {
    clock.setScale(0);
    let rounds = 0;
    const again = (): void => {
      rounds += 1;
      clock.setTimeout(again, 0);
    };
    clock.setTimeout(again, 0);
    clock.advance(1);
    expect(rounds).toBe(1);
  });

  test('one set for a time that was skipped fires in the same jump', () => {
    clock.setScale(0);
    const began = clock.now();
    const hours: number[] = [];
    const hourly = (hour: number): void => {
      clock.setTimeout(
        () => {
          hours.push(hour);
          hourly(hour + 1);
        },
        began + hour * 3_600_000 - clock.now(),
      );
    };
    hourly(1);
    clock.advance(3 * 3_600_000 + 1);
    expect(hours).toEqual([1, 2, 3]);
  });

  test('a delay of zero fires even while time stands still', async () => {
    clock.setScale(0);
    await clock.sleep(0);
  });
});

describe('after a restart', () => {
  test('what was advanced is kept', () => {
    clock.advance(10 * DAY_MS);
    const before = clock.now();
    const again = restarted();
    expect(again.now()).toBeGreaterThanOrEqual(before);
    expect(again.now() - before).toBeLessThan(100);
    again.stop();
  });

  test('time has not gone back, whatever the speed was, and runs at real speed', async () => {
    clock.setScale(3600);
    await clock.sleep(600_000);
    const before = clock.now();
    const again = restarted();
    expect(again.now()).toBeGreaterThanOrEqual(before);
    // At most what the stored time is ahead: 0.6 s of real time.
    expect(again.now() - before).toBeLessThan(3600 * 600);
    expect(again.scale).toBe(1);
    again.stop();
  });
});

test('refuses to go back', () => {
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(() => clock.setScale(-1)).toThrow(RangeError);
});
