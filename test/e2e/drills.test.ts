import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { drills } from '../../scripts/drill.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

// In this order: the one that breaks an endpoint for hours comes last.
test.each(['key-leak', 'meta-token', 'meta-outage', 'dead-tenant', 'dlq'])(
  'the drill %s goes as the runbook says',
  async (name) => {
    const said: string[] = [];
    await drills(true)[name]?.run(stack, (line) => said.push(line));
    expect(said.length).toBeGreaterThan(3);
  },
  90_000,
);

test('every drill is rehearsed here', () => {
  expect(Object.keys(drills(true)).sort()).toEqual(['dead-tenant', 'dlq', 'key-leak', 'meta-outage', 'meta-token']);
});
