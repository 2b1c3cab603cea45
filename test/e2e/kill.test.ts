import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { sendOtp } from '../support/tenant.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

const SENDS = 20;

/** Message id → the types of its events, as the tenant got them. */
async function typesByMessage(): Promise<Map<string, Set<string>>> {
  const types = new Map<string, Set<string>>();
  for (const { body } of await stack.receiver.received()) {
    const { type, data } = JSON.parse(body);
    types.set(data.message_id, (types.get(data.message_id) ?? new Set()).add(type));
  }
  return types;
}

test.each([
  ['before the first event', 0],
  ['in the middle of the events', 250],
])(
  'killed between accept and delivery, %s: every event still arrives',
  async (_name, delayMs) => {
    const answers = await Promise.all(Array.from({ length: SENDS }, () => sendOtp(stack)));
    expect(answers.map(({ status }) => status)).toEqual(Array(SENDS).fill(200));
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await stack.kill();
    await stack.restart();

    const ids = answers.map(({ body }) => String(body.id));
    await eventually(
      typesByMessage,
      (types) => ids.every((id) => types.get(id)?.has('message.sent') && types.get(id)?.has('message.delivered')),
      60_000,
    );
    const health = await eventually(stack.control.health, ({ queues }) =>
      Object.values(queues).every(({ visible, in_flight }) => visible + in_flight === 0),
    );
    expect(health.queues['failed-deliveries']).toMatchObject({ visible: 0 });
  },
  120_000,
);
