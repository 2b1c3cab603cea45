import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { RETRY_DELAYS_SECONDS } from '../../shared/webhooks/retry-schedule.ts';
import { eventually, type Received, type RunningStack, startStack } from '../support/local-stack.ts';
import { itemsOf, redrive } from '../support/tenant.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());
beforeEach(() => stack.receiver.clear());

const inbound = () =>
  stack.simulator.inbound({ from: '15550101234', name: 'Frank', type: 'text', text: { body: 'Hi' } });
const attempts = () => stack.receiver.received({ event_type: 'message.received' });
const numberOf = ({ headers }: Received) => Number(headers['x-quixess-attempt']);
const secondsBetween = (a: Received | undefined, b: Received | undefined) =>
  (Date.parse(b?.received_at ?? '') - Date.parse(a?.received_at ?? '')) / 1000;

async function storedEvent(id: string | undefined) {
  return (await itemsOf(stack, 'events')).find(({ eventId }) => eventId === id);
}

test('a receiver that fails three times and then works gets four attempts, on time', async () => {
  await stack.receiver.behave({ mode: 'status', status: 500, times: 3 });
  // Time stands still but for what is advanced: functions that start, or wait for a processor, make nobody late.
  await stack.control.setScale(0);
  await inbound();
  for (const [index, rung] of RETRY_DELAYS_SECONDS.slice(0, 3).entries()) {
    // The first attempt writes down what it found after the ladder began: a second of real time before anybody looks.
    await eventually(
      stack.control.health,
      ({ executions, functions }) =>
        executions.waiting === 1 && Object.values(functions).every(({ running }) => running === 0),
    );
    expect(await attempts()).toHaveLength(index + 1);
    for (let { waiting } = await stack.control.executions(); waiting === 1; ) {
      await stack.control.advance(rung / 50);
      ({ waiting } = await stack.control.executions());
    }
    await eventually(attempts, (found) => found.length === index + 2);
  }
  await stack.control.setScale(1);
  const received = await attempts();
  expect(received.map(numberOf)).toEqual([1, 2, 3, 4]);
  for (const [index, rung] of RETRY_DELAYS_SECONDS.slice(0, 3).entries()) {
    const wait = secondsBetween(received[index], received[index + 1]);
    expect(wait).toBeGreaterThanOrEqual(rung);
    expect(wait).toBeLessThanOrEqual(rung * 1.2);
  }
  const ids = new Set(received.map(({ headers }) => headers['webhook-id']));
  expect(ids.size).toBe(1);
  const bodies = received.map(({ body }) => ({ ...JSON.parse(body), delivered_at: '' }));
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  expect(received.every(({ signature_valid }) => signature_valid)).toBe(true);
  await eventually(
    () => storedEvent([...ids][0]),
    (event) => event?.status === 'delivered',
  );
  await eventually(stack.control.executions, ({ running }) => running === 0);
}, 90_000);

test('one that always fails gets eight attempts; then the event is failed and in the dead-letter queue, and a redrive starts afresh', async () => {
  await stack.receiver.behave({ mode: 'status', status: 503 });
  await inbound();
  await eventually(attempts, (found) => found.length === 1);
  for (const [index, rung] of RETRY_DELAYS_SECONDS.entries()) {
    // Never early: just before the rung is over nobody was called. It is counted from when the execution waits.
    await eventually(stack.control.executions, ({ waiting }) => waiting === 1);
    await stack.control.advance(Math.max(0, rung - 1));
    expect(await attempts()).toHaveLength(index + 1);
    await stack.control.advance(rung * 0.2 + 1);
    await eventually(attempts, (found) => found.length === index + 2);
  }
  const received = await attempts();
  expect(received.map(numberOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const id = received[0]?.headers['x-quixess-event-id'];
  const event = await eventually(
    () => storedEvent(id),
    (found) => found?.status === 'failed',
  );
  expect(event?.attempts).toHaveLength(8);

  const depth = async () => (await stack.control.health()).queues['failed-deliveries']?.visible;
  await eventually(
    async () => {
      await stack.control.advance(10); // until SQS moves what was refused on first sight
      return depth();
    },
    (visible) => visible === 1,
  );
  expect(await stack.control.executions()).toMatchObject({ running: 0 });
  await stack.control.advance(24 * 3600);
  expect(await attempts()).toHaveLength(8);

  await stack.receiver.behave({ mode: 'ok' });
  await redrive(stack, 'failed-deliveries');
  const [, , , , , , , , ninth] = await eventually(attempts, (found) => found.length === 9);
  expect(ninth?.headers).toMatchObject({ 'x-quixess-attempt': '1', 'x-quixess-replay': 'true' });
  await eventually(
    () => storedEvent(id),
    (found) => found?.status === 'delivered',
  );
  expect(await depth()).toBe(0);
}, 120_000);
