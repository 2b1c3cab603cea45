import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { OTP_BODY, sendOtp, sentMessages } from '../support/tenant.ts';

const DAY_SECONDS = 24 * 60 * 60;

// Each asks Meta, and its webhooks come back through two queues.
jest.setTimeout(60_000);

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

/** @param suffix of `+1555010xxxx`: decides what Meta does (local/meta-simulator/outcomes.ts) */
const send = (key: string, suffix = '0100', change: object = {}) =>
  sendOtp(stack, {
    headers: { 'Idempotency-Key': key },
    body: { ...OTP_BODY, to: `+1555010${suffix}`, ...change },
  });

const sentCount = async () => (await sentMessages(stack)).length;

test('of 50 parallel requests with one key exactly one calls Meta', async () => {
  const before = await sentCount();
  const answers = await Promise.all(Array.from({ length: 50 }, () => send('parallel')));
  expect(await sentCount()).toBe(before + 1);

  const accepted = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(accepted.length).toBeGreaterThanOrEqual(1);
  expect(new Set(accepted.map(({ text }) => text)).size).toBe(1);
  for (const answer of refused) {
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'idempotency_in_progress', retryable: true, retry_after_seconds: 1 });
    expect(answer.headers.get('retry-after')).toBe('1');
  }
});

test('the first answer is replayed byte for byte, the same request written differently included', async () => {
  const first = await send('replay');
  expect(first.headers.has('idempotency-replayed')).toBe(false);
  const again = await sendOtp(stack, {
    headers: { 'Idempotency-Key': 'replay' },
    body: { template_name: 'signup_otp', code: '482913', to: '15550100100' },
  });
  expect(again.status).toBe(200);
  expect(again.text).toBe(first.text);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});

test('another request under the same key is refused, and the first answer stays', async () => {
  const first = await send('other-body');
  const other = await send('other-body', '0100', { code: '111111' });
  expect(other.status).toBe(422);
  expect(other.body).toMatchObject({ code: 'idempotency_key_reused', retryable: false });
  expect((await send('other-body')).text).toBe(first.text);
});

test('a refusal of ours does not consume the key', async () => {
  expect((await send('refused-first', '0100', { language: 'xx' })).status).toBe(404);
  expect((await send('refused-first')).status).toBe(200);
});

test("Meta's refusal is the answer, and is replayed", async () => {
  const before = await sentCount();
  const first = await send('meta-refuses', '2030');
  expect(first.status).toBe(502);
  expect(first.headers.get('content-type')).toBe('application/problem+json');
  expect(first.body).toMatchObject({
    code: 'whatsapp_error',
    retryable: false,
    whatsapp_error: { error: { code: 131030, type: 'OAuthException', fbtrace_id: expect.any(String) } },
  });
  const again = await send('meta-refuses', '2030');
  expect(again.text).toBe(first.text);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await sentCount()).toBe(before);
});

test.each([
  ['2429', 'rate_limited', '1', '"number";r=0;t=1'],
  ['2056', 'pair_rate_limited', '6', '"pair";r=0;t=6'],
  // The app's, whose quota Meta does not tell.
  ['4004', 'rate_limited', '60', null],
])('when Meta throttles (%s) the key is free again', async (suffix, code, retryAfter, rateLimit) => {
  const refused = await send(`throttled-${suffix}`, suffix);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe(retryAfter);
  expect(refused.headers.get('ratelimit')).toBe(rateLimit);
  expect(refused.body).toMatchObject({ code, retryable: true, whatsapp_error: { error: {} } });
  // What Meta said is remembered for as long as it asked for.
  await stack.control.advance(Number(retryAfter));
  await stack.simulator.behave({ outcome: 'accepted', times: 1 });
  expect((await send(`throttled-${suffix}`, suffix)).status).toBe(200);
});

test.each([
  ['a reset', '6003'],
  ['garbage', '6004'],
])('after %s the outcome is unknown until Meta tells, and the person gets one message', async (_name, suffix) => {
  const before = await sentCount();
  const key = `lost-${suffix}`;
  const first = await send(key, suffix, { reference: key });
  expect(first.status).toBe(202);
  expect(first.body).toMatchObject({ status: 'outcome_unknown', reference: key });
  expect(first.body).not.toHaveProperty('wa_message_id');

  const resolved = await eventually(
    () => send(key, suffix, { reference: key }),
    ({ status }) => status === 200,
  );
  expect(resolved.body).toMatchObject({
    id: first.body.id,
    status: 'accepted',
    wa_message_id: expect.stringMatching(/^wamid/),
  });
  expect((await send(key, suffix, { reference: key })).text).toBe(resolved.text);
  expect(await sentCount()).toBe(before + 1);

  const [event] = await eventually(
    async () =>
      (await stack.receiver.received({ event_type: 'message.reconciled' })).filter(({ body }) => body.includes(key)),
    (found) => found.length > 0,
  );
  expect(JSON.parse(event?.body ?? '')).toMatchObject({
    data: { message_id: first.body.id, wa_message_id: resolved.body.wa_message_id, reference: key },
  });
});

test('after a time-out 202, until Meta tells that it was delivered; then the final answer, one event, one message', async () => {
  const before = await sentCount();
  const again = () => send('timed-out', '6008', { reference: 'timed-out' });
  const began = performance.now();
  const first = await again();
  console.log(`Meta was waited for ${Math.round((performance.now() - began) / 1000)} s`);
  expect([first.status, first.body.status]).toEqual([202, 'outcome_unknown']);
  expect((await again()).status).toBe(202);

  await stack.control.advance(62);
  const resolved = await eventually(again, ({ status }) => status === 200);
  expect(resolved.body).toMatchObject({ id: first.body.id, wa_message_id: expect.stringMatching(/^wamid/) });
  expect((await again()).text).toBe(resolved.text);
  const told = () => stack.receiver.received({ event_type: 'message.reconciled' });
  const of = async () => (await told()).filter(({ body }) => body.includes('timed-out'));
  await eventually(of, (found) => found.length > 0);
  await eventually(
    () => stack.receiver.received({ event_type: 'message.delivered' }),
    (found) => found.some(({ body }) => body.includes('timed-out')),
  );
  expect(await of()).toHaveLength(1);
  expect(await sentCount()).toBe(before + 1);
});

test('an answer that never came and a message that was never sent stay unknown, and are not sent again', async () => {
  const before = await sentCount();
  expect((await send('never', '6007')).status).toBe(202);
  expect((await send('never', '6007')).status).toBe(202);
  expect(await sentCount()).toBe(before);
});

test('without a key every request sends', async () => {
  const before = await sentCount();
  await Promise.all([sendOtp(stack), sendOtp(stack)]);
  expect(await sentCount()).toBe(before + 2);
});

test('the same key a day later sends again', async () => {
  const first = await send('daily');
  const before = await sentCount();
  await stack.control.advance(DAY_SECONDS - 60);
  expect((await send('daily')).text).toBe(first.text);
  await stack.control.advance(61);
  const next = await send('daily');
  expect(next.status).toBe(200);
  expect(next.body.id).not.toBe(first.body.id);
  expect(await sentCount()).toBe(before + 1);
});
