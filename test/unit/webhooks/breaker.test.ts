import { expect, test } from '@jest/globals';
import type { Attempted } from '../../../shared/webhooks/attempt.ts';
import { endpointGate } from '../../../shared/webhooks/endpoint-gate.ts';
import { memoryEndpoints } from '../../soak/memory-stores.ts';
import { connectionTo } from '../../support/lane.ts';

const START = Date.UTC(2026, 10, 22, 12);
const connection = connectionTo('https://tenant.example/');
const SECOND = 1000;

/** Attempts of four containers, one after the other, at a steady rate. @returns after how many seconds it opened, or null */
async function openedAfter(
  perSecond: number,
  seconds: number,
  isWell: (second: number) => boolean,
): Promise<number | null> {
  const { store: endpoints } = memoryEndpoints();
  let time = START;
  const gates = Array.from({ length: 4 }, () =>
    endpointGate({
      endpoints,
      startWatch: async () => {},
      tell: async () => {},
      keep: async () => {},
      maxLadders: 500,
      now: () => time,
      stopwatch: { now: () => 0, after: () => () => {} },
    }),
  );
  for (let index = 0; index < perSecond * seconds; index += 1) {
    time = START + (index * SECOND) / perSecond;
    const status = isWell((time - START) / SECOND) ? 'delivered' : 'retrying';
    const attempt = { run: 1, number: 1, at: time, durationMs: 1, statusCode: 200, errorClass: null, response: '' };
    const made: Attempted = { status, attempt: { ...attempt, nextAttemptAt: null } };
    const endpoint = await endpoints.get(connection);
    await gates[index % gates.length]?.learn({ connection, endpoint }, made, false);
    if ((await endpoints.get(connection)).state === 'open') return (time - START) / SECOND;
  }
  return null;
}

test('an endpoint that nobody called before opens at its tenth attempt', async () => {
  expect(await openedAfter(1, 60, () => false)).toBe(9);
});

test.each([5, 50])(
  'a busy one that dies opens when 70 %% of 5 minutes have failed, at the latest: %i/s',
  async (rate) => {
    const dies = 600;
    const opened = (await openedAfter(rate, 1200, (second) => second < dies)) ?? Number.POSITIVE_INFINITY;
    expect(opened - dies).toBeLessThanOrEqual(0.7 * 300 + 1);
    // And not at a hiccup.
    expect(opened - dies).toBeGreaterThan(60);
  },
);

test('a few that failed shortly before it dies make it no later', async () => {
  const dies = 600;
  const opened = await openedAfter(20, 1200, (second) => second < dies && Math.floor(second) % 50 !== 0);
  expect((opened ?? Number.POSITIVE_INFINITY) - dies).toBeLessThanOrEqual(0.7 * 300 + 1);
});

test('two thirds that fail do not open it', async () => {
  expect(await openedAfter(9, 900, (second) => Math.round(second * 9) % 12 < 4)).toBeNull();
});
