import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { itemsOf, OTP_BODY, sendOtp, sentMessages } from '../support/tenant.ts';

jest.setTimeout(60_000);

/** Past the life of every function that sends; past what the sweeper leaves alone, and its next run. */
const OWNER_IS_DEAD_SECONDS = 61;
const SWEPT_SECONDS = 400;

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

const control = async (method: string, call: string, body?: unknown) => {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const text = await (await fetch(`${stack.control_url}${call}`, init)).text();
  return text === '' ? null : JSON.parse(text);
};
const send = (key: string) =>
  sendOtp(stack, { headers: { 'Idempotency-Key': key }, body: { ...OTP_BODY, reference: key } });
const sentCount = async () => (await sentMessages(stack)).length;

/** Kills the sending function in the middle of a request, wherever that is stuck. @returns what its caller got */
async function killedSend(key: string, isStuck: () => Promise<boolean>) {
  const answer = send(key);
  await eventually(isStuck, Boolean);
  await stack.control.kill('send-otp');
  return answer;
}

/** The writes of a send under a key, in order. */
const LEASE = '"key#';
const KEY = 'idempotency';
const PERSON = '"otp#';
const MESSAGE = 'messages';

test.each<[string, string, 1 | 2, 'before' | 'after', string]>([
  ["the lease of its API key's tokens", LEASE, 1, 'before', 'sends'],
  ["the lease of its API key's tokens", LEASE, 1, 'after', 'sends'],
  ['its Idempotency-Key', KEY, 1, 'before', 'sends'],
  ['its Idempotency-Key', KEY, 1, 'after', 'sends'],
  ["the person's limit", PERSON, 1, 'before', 'sends'],
  ["the person's limit", PERSON, 1, 'after', 'sends'],
  ['the message', MESSAGE, 1, 'before', 'sends'],
  // Nobody but the dead knew that it did not call: never sent again.
  ['the message', MESSAGE, 1, 'after', 'stays unknown'],
  ['what became of it', MESSAGE, 2, 'before', 'was sent'],
  ['what became of it', MESSAGE, 2, 'after', 'was sent'],
])(
  'killed at the write of %s (%s %i), %s it: the retry with the same key %s',
  async (_name, what, write, when, then) => {
    const containing = what.startsWith('"') ? what : `"TableName":"${stack.tables[what]}"`;
    const key = `killed-${what.replace(/\W/g, '')}-${write}-${when}`;
    const before = await sentCount();
    await stack.control.kill('send-otp');
    await control('PUT', '/breakpoint', { function: 'send-otp', containing, write, when });
    const first = await killedSend(key, async () => (await control('GET', '/breakpoint')).is_hit);
    await control('DELETE', '/breakpoint');
    expect(first.status).toBe(503);

    const soon = await send(key);
    if (soon.status !== 200) expect([202, 409]).toContain(soon.status);
    await stack.control.advance(OWNER_IS_DEAD_SECONDS);
    const wanted = then === 'stays unknown' ? 202 : 200;
    const later = await eventually(
      () => send(key),
      ({ status }) => status === wanted,
    );
    expect((await send(key)).text).toBe(later.text);
    expect(await sentCount()).toBe(before + (then === 'stays unknown' ? 0 : 1));
  },
);

test.each([
  ['hang', 1, 200],
  ['hang-unsent', 0, 202],
])('killed while Meta has the request (%s): one message at most, and the key knows', async (outcome, sent, status) => {
  const before = await sentCount();
  const received = await requestCount();
  await stack.simulator.behave({ outcome, times: 1 });
  await killedSend(`killed-${outcome}`, async () => (await requestCount()) > received);
  await stack.control.advance(OWNER_IS_DEAD_SECONDS);
  await eventually(
    () => send(`killed-${outcome}`),
    (answer) => answer.status === status,
  );
  expect(await sentCount()).toBe(before + sent);
});

test('a send without a key whose function died is found: history says so, and the tenant is told', async () => {
  const received = await requestCount();
  await stack.simulator.behave({ outcome: 'hang', times: 1 });
  const answer = sendOtp(stack, { body: { ...OTP_BODY, reference: 'keyless' } });
  await eventually(async () => (await requestCount()) > received, Boolean);
  await stack.control.kill('send-otp');
  expect((await answer).status).toBe(503);
  const message = () =>
    itemsOf(stack, 'messages').then((items) => items.find(({ reference }) => reference === 'keyless'));
  await eventually(message, (found) => found?.deliveredAt !== undefined);
  await stack.control.advance(SWEPT_SECONDS);
  await eventually(message, (found) => found?.outcomeUnknownAt !== undefined);
  const told = await eventually(
    async () =>
      (await stack.receiver.received({ event_type: 'message.reconciled' })).filter(({ body }) =>
        body.includes('keyless'),
      ),
    (found) => found.length > 0,
  );
  expect(new Set(told.map(({ body }) => JSON.parse(body).id)).size).toBe(1);
  expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({ data: { reference: 'keyless', status: 'delivered' } });
});

async function requestCount(): Promise<number> {
  const requests = (await (await fetch(`${stack.meta_simulator_url}/_requests`)).json()) as unknown[];
  return requests.length;
}
