// Writes bench/PROFILE.json: what a send and an event use, action by action; docs/cost.md puts prices to it.
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { RETRY_DELAYS_SECONDS } from '../shared/webhooks/retry-schedule.ts';
import { storedEvents } from '../test/support/delivery.ts';
import { eventually, type RunningStack, startStack } from '../test/support/local-stack.ts';
import { metaWebhooks, textTo } from '../test/support/meta-webhooks.ts';
import { sendOtp } from '../test/support/tenant.ts';
import { postInbound, postStatus } from './counts.ts';

export const PROFILE = path.join(import.meta.dirname, 'PROFILE.json');
const REPEATS = 20;
/** The most that SQS hands out at once, and so that a worker gets. */
export const FULL_BATCH = 10;
/** Of held events: what the watch costs besides is small in so many. */
const HELD_BATCHES = 30;

export const FunctionUse = z.object({
  invocations: z.number(),
  logBytes: z.number(),
  readUnits: z.number(),
  writeUnits: z.number(),
  /** By action, e.g. `sqs:SendMessage`. */
  calls: z.record(z.string(), z.number()),
});
export type FunctionUse = z.output<typeof FunctionUse>;
/** By function, for one of the scenario: a mean, to two places. */
const Scenario = z.record(z.string(), FunctionUse);
/** One of it, when it comes alone, and as one of a full batch: what a batch shares is the difference. */
const Batched = z.object({ alone: Scenario, inBatch: Scenario });
export const Profile = z.object({
  send: Scenario,
  status: Batched,
  received: Batched,
  ladder: Scenario,
  /** In full batches: it takes a flood to open a breaker. */
  held: Scenario,
  /** States entered in a whole ladder. */
  ladderTransitions: z.number(),
});
export type Profile = z.output<typeof Profile>;
export type Scenario = z.output<typeof Scenario>;
export type Batched = z.output<typeof Batched>;

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
  await eventually(
    stack.control.health,
    ({ queues, functions }) => {
      const isIdle =
        Object.entries(queues).every(
          ([name, { visible, in_flight }]) => name === 'failed-deliveries' || visible + in_flight === 0,
        ) && FUNCTIONS.every((name) => (functions[name]?.running ?? 0) === 0);
      calm = isIdle ? calm + 1 : 0;
      return calm >= 15;
    },
    90_000,
  );
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
  const batched = (post: () => Promise<void>) =>
    use(stack, pipeline, REPEATS * FULL_BATCH, () =>
      repeat(async () => {
        const { length } = await stack.receiver.received();
        await post();
        await eventually(stack.receiver.received, (all) => all.length >= length + FULL_BATCH);
        await quiet(stack);
      }),
    );
  const { postTexts, prepareStatuses, postStatuses } = batches(stack);
  await postTexts();
  await quiet(stack);
  const receivedInBatch = await batched(postTexts);
  await repeat(prepareStatuses);
  const statusInBatch = await batched(postStatuses);
  const transitionsBefore = Number((await stack.control.executions()).transitions);
  const ladder = await use(stack, FUNCTIONS.slice(3), 1, () => wholeLadder(stack));
  const ladderTransitions = Number((await stack.control.executions()).transitions) - transitionsBefore;
  return {
    send,
    status: { alone: status, inBatch: statusInBatch },
    received: { alone: received, inBatch: receivedInBatch },
    ladder,
    ladderTransitions,
    held: await heldEvents(stack),
  };
}

let posted = 0;
/** Webhooks of Meta's that make full batches of everything behind them. */
function batches(stack: RunningStack) {
  const meta = metaWebhooks(stack);
  const sent: { wamid: unknown; messageId: unknown }[] = [];
  const timestamp = async () => String(Math.floor(Date.parse((await stack.control.health()).clock.now) / 1000));
  const post = async (changes: readonly unknown[]) => {
    const { status } = await meta.post(meta.bodyOf(changes));
    if (status !== 200) throw new Error(`a webhook of the profile was answered ${status}`);
  };
  return {
    /** Ten people write one message each. */
    async postTexts(): Promise<void> {
      const at = await timestamp();
      await post(
        Array.from({ length: FULL_BATCH }, (_, index) => {
          const change = textTo(stack.meta.phone_number_id, `wamid.profile${++posted}`);
          const from = `1555010${7100 + index}`;
          const contacts = [{ profile: { name: 'Frank' }, wa_id: from }];
          const messages = change.value.messages.map((message) => ({ ...message, from, timestamp: at }));
          return { ...change, value: { ...change.value, contacts, messages } };
        }),
      );
    },
    /** Ten messages whose statuses do not come by themselves. */
    async prepareStatuses(): Promise<void> {
      for (let index = 0; index < FULL_BATCH; index += 1) {
        const { body } = await sendOtp(stack, { body: { to: '+15550107009', code: '482913' } });
        sent.push({ wamid: body.wa_message_id, messageId: body.id });
      }
    },
    async postStatuses(): Promise<void> {
      const at = await timestamp();
      const statuses = sent.splice(0, FULL_BATCH).map(({ wamid, messageId }) => ({
        id: wamid,
        status: 'delivered',
        timestamp: at,
        recipient_id: '15550107009',
        biz_opaque_callback_data: messageId,
      }));
      await post([
        { field: 'messages', value: { metadata: { phone_number_id: stack.meta.phone_number_id }, statuses } },
      ]);
    },
  };
}

async function wholeLadder(stack: RunningStack): Promise<void> {
  await stack.receiver.behave({ mode: 'status', status: 500 });
  const { length } = await stack.receiver.received();
  await postInbound(stack);
  await eventually(stack.receiver.received, (all) => all.length === length + 1);
  for (const [index, rung] of RETRY_DELAYS_SECONDS.entries()) {
    await eventually(stack.control.executions, ({ waiting }) => waiting === 1);
    await quiet(stack);
    await stack.control.advance(rung * 1.2 + 1);
    await eventually(stack.receiver.received, (all) => all.length === length + index + 2);
  }
  await eventually(stack.control.executions, ({ running }) => running === 0);
  await stack.receiver.behave({ mode: 'ok' });
}

/** Held while the breaker is open, and released by the watch when the endpoint works again; the opening is not counted. */
async function heldEvents(stack: RunningStack): Promise<Scenario> {
  const { postTexts } = batches(stack);
  const held = async () => (await storedEvents(stack)).filter(({ status }) => status === 'held').length;
  await stack.control.advance(3600);
  await stack.receiver.behave({ mode: 'status', status: 500 });
  for (let index = 0; index < 12; index += 1) await postInbound(stack);
  await quiet(stack);
  await stack.control.advance(3);
  await postTexts();
  const before = await eventually(held, (count) => count > 0);
  const many = HELD_BATCHES * FULL_BATCH;
  return use(stack, FUNCTIONS.slice(3), many, async () => {
    for (let index = 0; index < HELD_BATCHES; index += 1) await postTexts();
    await eventually(held, (count) => count >= before + many, 60_000);
    await quiet(stack);
    await stack.receiver.behave({ mode: 'ok' });
    for (let round = 0; round < 200; round += 1) {
      if ((await held()) === 0) return;
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
