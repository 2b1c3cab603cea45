import { RETRY_DELAYS_SECONDS } from '../shared/webhooks/retry-schedule.ts';
import { eventually, type RunningStack } from '../test/support/local-stack.ts';
import { sendOtp } from '../test/support/tenant.ts';
import type { Figure } from './figure.ts';

/** Enough that a cache that runs out, or a second poll, would show in the mean. */
const REPEATS = 20;
/** The pipeline an event of Meta's goes through. */
const PIPELINE = ['receive-meta-webhook', 'record-event', 'deliver-event'];

type Units = { calls: number; writeUnits: number };

/**
 * What one send, one event and one ladder cost, counted at the wire of the running stack. Deterministic: the same code
 * gives the same counts, on any machine.
 */
export async function measureCounts(stack: RunningStack): Promise<Figure[]> {
  await sendOtp(stack, { headers: { 'Idempotency-Key': 'warm-up' } });
  await quiet(stack, CALM_AFTER_SEND);
  const keyed = await perSend(stack, (index) => ({ 'Idempotency-Key': `bench-${index}` }));
  const keyless = await perSend(stack, () => ({}));
  const status = await perEvent(stack, postStatus);
  await postInbound(stack);
  await quiet(stack, CALM_AFTER_SEND);
  const received = await perEvent(stack, postInbound);
  const firstOf = await perEvent(stack, postFirstInbound);
  const afterPause = await perEvent(stack, postInboundLater);
  const transitions = await ladderTransitions(stack);
  return [
    { name: 'AWS calls of a warm OTP send, with key', value: keyed.calls, goal: 4, unit: '' },
    { name: 'AWS calls of a warm OTP send, without key', value: keyless.calls, goal: 3, unit: '' },
    { name: 'write units of an OTP send, with key', value: keyed.writeUnits, goal: 6, unit: '' },
    { name: 'write units of an OTP send, without key', value: keyless.writeUnits, goal: 6, unit: '' },
    { name: 'AWS calls of a status event, webhook to tenant', value: status.calls, goal: null, unit: '' },
    { name: 'write units of a status event', value: status.writeUnits, goal: 3, unit: '' },
    { name: 'AWS calls of a received message, webhook to tenant', value: received.calls, goal: null, unit: '' },
    { name: 'write units of a received message', value: received.writeUnits, goal: 4, unit: '' },
    { name: 'write units of the first message of a person', value: firstOf.writeUnits, goal: 4, unit: '' },
    { name: 'write units of a message after a minute of silence', value: afterPause.writeUnits, goal: 4, unit: '' },
    { name: 'transitions of an event delivered at once', value: 0, goal: 0, unit: '' },
    { name: 'transitions of a whole ladder', value: transitions, goal: 17, unit: '' },
  ];
}

/** Looks. Meta tells of a delivery a quarter of a second after the send: calm for so long is calm. */
const CALM_AFTER_SEND = 20;
/** Looks. What the tenant has received is followed by nothing but the writes of who sent it. */
const CALM_AFTER_EVENT = 4;

/** Waits until nothing is under way, so that what is counted next is counted alone. */
async function quiet(stack: RunningStack, looks: number): Promise<void> {
  let calm = 0;
  await eventually(stack.control.health, ({ queues, functions }) => {
    const isIdle =
      Object.values(queues).every(({ visible, in_flight }) => visible + in_flight === 0) &&
      Object.values(functions).every(({ running }) => running === 0);
    calm = isIdle ? calm + 1 : 0;
    return calm >= looks;
  });
}

async function unitsOf(stack: RunningStack, functions: readonly string[]): Promise<Units> {
  const calls = await stack.control.calls();
  const rows = functions.flatMap((name) => Object.values(calls[name] ?? {}));
  // A key's tokens are leased in blocks: a few calls in all, whose number depends on how fast the machine is.
  const sum = (pick: (row: (typeof rows)[number]) => number) =>
    Math.round(rows.reduce((total, row) => total + pick(row), 0) / REPEATS);
  return { calls: sum((row) => row.calls), writeUnits: sum((row) => row.write_units) };
}

async function perSend(stack: RunningStack, headers: (index: number) => Record<string, string>): Promise<Units> {
  await stack.control.resetCalls();
  for (let index = 0; index < REPEATS; index++) {
    const { status, text } = await sendOtp(stack, { headers: headers(index) });
    if (status !== 200) throw new Error(`a send of the bench answered ${status}: ${text}`);
  }
  await quiet(stack, CALM_AFTER_SEND);
  return unitsOf(stack, ['send-otp']);
}

/** @param post makes one event and resolves when Meta has told of it */
async function perEvent(stack: RunningStack, post: (stack: RunningStack) => Promise<void>): Promise<Units> {
  await post(stack);
  await quiet(stack, CALM_AFTER_SEND);
  await stack.control.resetCalls();
  for (let index = 0; index < REPEATS; index++) {
    const before = (await stack.receiver.received()).length;
    await post(stack);
    await eventually(stack.receiver.received, (all) => all.length === before + 1);
    await quiet(stack, CALM_AFTER_EVENT);
  }
  return unitsOf(stack, PIPELINE);
}

export const postInbound = async (stack: RunningStack) => {
  await stack.simulator.inbound({ from: '15550101234', name: 'Frank', type: 'text', text: { body: 'Hi there' } });
};

let people = 0;
/** Begins a conversation. */
const postFirstInbound = async (stack: RunningStack) => {
  people += 1;
  const from = `1555010${String(8000 + people)}`;
  await stack.simulator.inbound({ from, name: 'Grace', type: 'text', text: { body: 'Hi there' } });
};

/** Moves its conversation up: one write and two of the index, which an index pays for a row that moves. */
const postInboundLater = async (stack: RunningStack) => {
  await stack.control.advance(62);
  await postInbound(stack);
};

/** A message whose statuses do not come by themselves; then one of them. */
export async function postStatus(stack: RunningStack): Promise<void> {
  const { body } = await sendOtp(stack, { body: { to: '+15550107009', code: '482913' } });
  const response = await fetch(`${stack.meta_simulator_url}/_status`, {
    method: 'POST',
    body: JSON.stringify({ wamid: body.wa_message_id, status: 'delivered' }),
  });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
}

/** One event that every attempt fails on, from first to last. */
async function ladderTransitions(stack: RunningStack): Promise<number> {
  const before = await stack.control.executions();
  await stack.receiver.behave({ mode: 'status', status: 500 });
  await postInbound(stack);
  for (const rung of RETRY_DELAYS_SECONDS) {
    await eventually(stack.control.executions, ({ waiting }) => waiting === 1);
    const { length } = await stack.receiver.received();
    await stack.control.advance(rung * 1.2 + 1);
    await eventually(stack.receiver.received, (all) => all.length === length + 1);
  }
  const after = await eventually(stack.control.executions, ({ running }) => running === 0);
  await stack.receiver.behave({ mode: 'ok' });
  return Number(after.transitions) - Number(before.transitions);
}
