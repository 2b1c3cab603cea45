import { describe, expect, test } from '@jest/globals';
import { nextRun, startSchedule } from '../../../local/lambda/schedule.ts';
import { eventually, startLambda } from './function-fixture.ts';

const at = (iso: string) => Date.parse(iso);

describe('the next time of a schedule', () => {
  test.each([
    ['rate(5 minutes)', '2026-05-15T10:30:20Z', '2026-05-15T10:35:20Z'],
    ['rate(1 hour)', '2026-05-15T10:30:00Z', '2026-05-15T11:30:00Z'],
    ['cron(0 3 * * ? *)', '2026-05-15T10:30:00Z', '2026-05-16T03:00:00Z'],
    ['cron(*/15 * * * ? *)', '2026-05-15T10:31:00Z', '2026-05-15T10:45:00Z'],
    ['cron(0 0 1 1,7 ? *)', '2026-05-15T10:31:00Z', '2026-07-01T00:00:00Z'],
    // Sunday is 1.
    ['cron(30 6 ? * 2 *)', '2026-05-15T10:31:00Z', '2026-05-18T06:30:00Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(new Date(nextRun(expression, at(after))).toISOString()).toBe(new Date(expected).toISOString());
  });

  test.each(['every(5 minutes)', 'cron(0 3 L * ? *)', 'rate(5 fortnights)', 'cron(0 3 * *)'])(
    '%s is not known',
    (expression) => {
      expect(() => nextRun(expression, 0)).toThrow('not known');
    },
  );
});

test('runs follow the virtual clock, and skipped time is caught up', async () => {
  const { clock, stop } = startLambda();
  const times: unknown[] = [];
  const run = async (payload: unknown) => times.push((payload as { time: string }).time);
  const settings = {
    expression: 'rate(1 hour)',
    ruleArn: 'arn:rule',
    account: '1',
    region: 'r',
    input: undefined,
    run,
  };
  clock.setScale(0);
  const cancel = startSchedule(settings, clock);
  clock.advance(3 * 3_600_000 + 1);
  await eventually(() => times.length === 3);
  cancel();
  clock.advance(3_600_000);
  expect(times).toHaveLength(3);
  await stop();
});
