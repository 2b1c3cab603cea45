import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** How far ahead the next time of a cron expression is looked for. */
const SEARCH_MINUTES = 366 * 24 * 60;

/**
 * When a schedule is due next, epoch milliseconds (UTC): `rate(5 minutes)`, or `cron(minute hour day month weekday
 * year)` of numbers, lists, steps and `*`. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @throws naming an expression that is not emulated
 */
export function nextRun(expression: string, after: number): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return after + Number(rate[1]) * UNIT_MS[rate[2]!]!;
  const fields = /^cron\(([^)]*)\)$/.exec(expression)?.[1]?.split(' ');
  if (fields?.length !== 6) throw new Error(`the schedule ${expression} is not known to the local stack`);
  const matchers = fields.map((field) => fieldMatcher(field, expression));
  let time = Math.floor(after / 60_000) * 60_000;
  for (let minute = 0; minute < SEARCH_MINUTES; minute += 1) {
    time += 60_000;
    const date = new Date(time);
    const values = [
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth() + 1,
      date.getUTCDay() + 1,
    ];
    if ([...values, date.getUTCFullYear()].every((value, index) => matchers[index]!(value))) return time;
  }
  throw new Error(`the schedule ${expression} has no time within a year`);
}

function fieldMatcher(field: string, expression: string): (value: number) => boolean {
  if (field === '*' || field === '?') return () => true;
  const step = /^(?:\*|0)\/(\d+)$/.exec(field)?.[1];
  if (step !== undefined) return (value) => value % Number(step) === 0;
  if (!/^\d+(,\d+)*$/.test(field))
    throw new Error(`${field} in the schedule ${expression} is not known to the local stack`);
  const values = field.split(',').map(Number);
  return (value) => values.includes(value);
}

export type ScheduleSettings = {
  expression: string;
  ruleArn: string;
  account: string;
  region: string;
  /** The constant that the target gets instead of the event. */
  input: string | undefined;
  run(payload: unknown): Promise<unknown>;
};

/**
 * Runs a target on a schedule, in virtual time. Time that is skipped is caught up run by run, one after the other: a day's
 * runs at once would leave the machine nothing for requests.
 * @returns what stops it
 */
export function startSchedule(settings: ScheduleSettings, clock: Clock): () => void {
  const { expression, ruleArn, account, region, input, run } = settings;
  let cancel: () => void = () => {};
  let isStopped = false;
  const arm = (after: number): void => {
    const due = nextRun(expression, after);
    cancel = clock.setTimeout(() => {
      const event = {
        version: '0',
        id: randomUUID(),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account,
        time: `${new Date(due).toISOString().slice(0, 19)}Z`,
        region,
        resources: [ruleArn],
        detail: {},
      };
      // The function logs its own errors; a schedule goes on.
      void run(input === undefined ? event : JSON.parse(input))
        .catch(() => undefined)
        .then(() => isStopped || arm(due));
    }, due - clock.now());
  };
  arm(clock.now());
  return () => {
    isStopped = true;
    cancel();
  };
}
