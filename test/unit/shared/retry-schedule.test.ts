import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ATTEMPTS, nextDelaySeconds, RETRY_DELAYS_SECONDS } from '../../../shared/webhooks/retry-schedule.ts';

test('the ladder is the one of the product page', () => {
  expect(RETRY_DELAYS_SECONDS).toEqual([1, 5, 30, 2 * 60, 10 * 60, 60 * 60, 6 * 60 * 60]);
  expect(MAX_ATTEMPTS).toBe(8);
});

test('a wait is its rung plus at most 20 %, in whole seconds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const rung = RETRY_DELAYS_SECONDS[attempt - 1] ?? 0;
        const wait = nextDelaySeconds(attempt, null, random) ?? -1;
        expect(wait).toBeGreaterThanOrEqual(rung);
        expect(wait).toBeLessThanOrEqual(rung * 1.2);
        expect(Number.isInteger(wait)).toBe(true);
      },
    ),
  );
});

test.each([
  ['longer than the rung is honoured', 1, 60, 60],
  ['shorter than the rung is not', 3, 2, 30],
  ['no longer than six hours', 1, 999_999, 21_600],
])('a Retry-After %s', (_name, attempt, retryAfter, expected) => {
  expect(nextDelaySeconds(attempt, retryAfter, 0)).toBe(expected);
});

test('after the eighth attempt there is none', () => {
  expect(nextDelaySeconds(8, null, 0)).toBeNull();
});
