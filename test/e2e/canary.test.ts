import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { itemsOf } from '../support/tenant.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

test('the canary runs by the clock: its message goes in by the public URL and its signed event comes back', async () => {
  // Time for the queues' first looks; then a day passes, and a minute.
  await stack.control.advance(24 * 3600 - 5);
  await stack.control.advance(10);
  const checkpoint = async () => (await itemsOf(stack, 'checkpoints')).find(({ job }) => job === 'canary');
  await eventually(checkpoint, (found) => found !== undefined, 45_000);
  const ran = async () => (await stack.control.health()).functions['run-canary'];
  await eventually(ran, (counters) => counters?.running === 0 && counters.invocations > 0);
  expect((await ran())?.errors).toBe(0);
  const keys = await itemsOf(stack, 'api-keys');
  expect(keys.filter(({ name }) => name === 'Canary')).toEqual([]);
}, 90_000);
