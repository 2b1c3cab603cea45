// Writes bench/PROFILE.json: what a send and an event use, action by action; docs/cost.md puts prices to it.
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { RETRY_DELAYS_SECONDS } from '../shared/webhooks/retry-schedule.ts';
import { storedEvents } from '../test/support/delivery.ts';
import { eventually, type RunningStack, startStack } from '../test/support/local-stack.ts';
import { sendOtp } from '../test/support/tenant.ts';
import { postInbound, postStatus } from './counts.ts';

export const PROFILE = path.join(import.meta.dirname, 'PROFILE.json');
const REPEATS = 20;

const FunctionUse = z.object({
  invocations: z.number(),
  logBytes: z.number(),
  readUnits: z.number(),
  writeUnits: z.number(),
  /** By action, e.g. `sqs:SendMessage`. */
  calls: z.record(z.string(), z.number()),
});
/** By function, for one of the scenario: a mean, to two places. */
const Scenario = z.record(z.string(), FunctionUse);
export const Profile = z.object({
  send: Scenario,
  status: Scenario,
  received: Scenario,
  ladder: Scenario,
  held: Scenario.optional(),
  /** States entered in a whole ladder. */
  ladderTransitions: z.number(),
});
export type Profile = z.output<typeof Profile>;
export type Scenario = z.output<typeof Scenario>;

const FUNCTIONS = [
  'send-otp',
  'receive-meta-webhook',
  'record-event',
  'deliver-event',
  'retry-event',
  'watch-endpoint',
  'park-or-recover',
];

/** Nothing of the pipeline is under way; what is parked stays where it is, and jobs by the clock are none of it. */
async function quiet(stack: RunningStack): Promise<void> {
  let calm = 0;
  await eventually(stack.control.health, ({ queues, functions }) => {
    const isIdle =
      Object.entries(queues).every(
        ([name, { visible, in_flight }]) => name === 'failed-deliveries' || visible + in_flight === 0,
      ) && FUNCTIONS.every((name) => (functions[name]?.running ?? 0) === 0);
    calm = isIdle ? calm + 1 : 0;
    return calm >= 15;
  });
}

/** What the functions did while `run` ran, divided by `times`. */
async function use(
  stack: RunningStack,
  names: readonly string[],
  times: number,
  run: () => Promise<void>,
): Promise<Scenario> {
  const logSize = (name: string) => {
    const file = path.join(stack.logs, `${name}.log`);
    return existsSync(file) ? statSync(file).size : 0;
  };
  await quiet(stack);
  await stack.control.resetCalls();
  const before = (await stack.control.health()).functions;
  const logsBefore = new Map(names.map((name) => [name, logSize(name)]));
  await run();
  await quiet(stack);
  const calls = await stack.control.calls();
  const after = (await stack.control.health()).functions;
  const mean = (sum: number) => Math.round((sum / times) * 100) / 100;
  return Object.fromEntries(
    names.map((name) => {
      const rows = Object.entries(calls[name] ?? {});
      const sum = (pick: (row: (typeof rows)[number][1]) => number) =>
        mean(rows.reduce((all, [, row]) => all + pick(row), 0));
      return [
        name,
        {
          invocations: mean((after[name]?.invocations ?? 0) - (before[name]?.invocations ?? 0)),
          // To 10 bytes: ids and times differ in length.
          logBytes: Math.round((logSize(name) - (logsBefore.get(name) ?? 0)) / times / 10) * 10,
          readUnits: sum((row) => row.read_units),
          writeUnits: sum((row) => row.write_units),
          calls: Object.fromEntries(rows.map(([action, row]) => [action, mean(row.calls)]).sort()),
        },
      ];
    }),
  );
}

async function measure(stack: RunningStack): Promise<Profile> {
  const repeat = async (run: () => Promise<unknown>) => {
    for (let index = 0; index < REPEATS; index += 1) await run();
  };
  let sent = 0;
  const keyed = () => sendOtp(stack, { headers: { 'Idempotency-Key': `profile-${++sent}` } });
  await repeat(keyed);
  await postInbound(stack);
  const send = await use(stack, ['send-otp'], REPEATS, () => repeat(keyed));
  const pipeline = FUNCTIONS.slice(1, 4);
  const each = (post: (stack: RunningStack) => Promise<void>) => () =>
    repeat(async () => {
      const { length } = await stack.receiver.received();
      await post(stack);
      await eventually(stack.receiver.received, (all) => all.length > length);
      await quiet(stack);
    });
  const received = await use(stack, pipeline, REPEATS, each(postInbound));
  const status = await use(stack, pipeline, REPEATS, each(postStatus));
  const transitionsBefore = Number((await stack.control.executions()).transitions);
  const ladder = await use(stack, FUNCTIONS.slice(3), 1, () => wholeLadder(stack));
  const ladderTransitions = Number((await stack.control.executions()).transitions) - transitionsBefore;
  const first = { send, status, received, ladder, ladderTransitions };
  writeFileSync(PROFILE, `${JSON.stringify(first, null, 2)}\n`);
  return { ...first, held: await heldEvents(stack) };
}

async function wholeLadder(stack: RunningStack): Promise<void> {
  await stack.receiver.behave({ mode: 'status', status: 500 });
  const { length } = await stack.receiver.received();
  await postInbound(stack);
  await eventually(stack.receiver.received, (all) => all.length === length + 1);
  for (const [index, rung] of RETRY_DELAYS_SECONDS.entries()) {
    await eventually(stack.control.executions, ({ running }) => running === 1);
    await quiet(stack);
    await stack.control.advance(rung * 1.2 + 1);
    await eventually(stack.receiver.received, (all) => all.length === length + index + 2);
  }
  await eventually(stack.control.executions, ({ running }) => running === 0);
  await stack.receiver.behave({ mode: 'ok' });
}

/** Held while the breaker is open, and released by the watch when the endpoint works again; the opening is not counted. */
async function heldEvents(stack: RunningStack): Promise<Scenario> {
  const mine = async () => (await storedEvents(stack)).slice();
  await stack.control.advance(3600);
  await stack.receiver.behave({ mode: 'status', status: 500 });
  for (let index = 0; index < 12; index += 1) await postInbound(stack);
  await eventually(mine, (all) => all.some(({ status }) => status === 'held' || status === 'retrying'));
  await quiet(stack);
  await stack.control.advance(3);
  await postInbound(stack);
  await eventually(mine, (all) => all.some(({ status }) => status === 'held'));
  const heldBefore = (await mine()).filter(({ status }) => status === 'held').length;
  const many = 3 * REPEATS;
  return use(stack, FUNCTIONS.slice(3), many, async () => {
    for (let index = 0; index < many; index += 1) await postInbound(stack);
    await eventually(mine, (all) => all.filter(({ status }) => status === 'held').length >= heldBefore + many, 60_000);
    await quiet(stack);
    await stack.receiver.behave({ mode: 'ok' });
    for (let round = 0; round < 200; round += 1) {
      if (!(await mine()).some(({ status }) => status === 'held')) return;
      await quiet(stack);
      await stack.control.advance(15);
      await quiet(stack);
    }
    throw new Error('what was held was not released');
  });
}

if (import.meta.main) {
  const stack = await startStack();
  try {
    const profile = await measure(stack);
    writeFileSync(PROFILE, `${JSON.stringify(profile, null, 2)}\n`);
    console.log(JSON.stringify(profile, null, 1));
  } finally {
    await stack.stop();
  }
}
