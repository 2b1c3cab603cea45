import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { mintKey, sendOtp, sentMessages } from '../support/tenant.ts';

jest.setTimeout(60_000);

let stack: RunningStack;
let key: string;
beforeAll(async () => {
  stack = await startStack();
  key = await mintKey(stack, ['whatsapp:send_otp', 'whatsapp:send_template', 'whatsapp:reply'], { mode: 'test' });
}, 120_000);
afterAll(() => stack?.stop());

const send = (suffix: string, headers: Record<string, string> = {}) =>
  sendOtp(stack, {
    headers: { 'X-API-Key': key, ...headers },
    body: { to: `+1555010${suffix}`, code: '482913', reference: suffix },
  });

/** The types of what the tenant was told of a send, each event once, in the order it came. */
async function toldOf(reference: string): Promise<string[]> {
  const events = (await stack.receiver.received()).map(({ body, signature_valid }) => {
    expect(signature_valid).toBe(true);
    return JSON.parse(body) as { id: string; type: string; data: { reference?: string; mode?: string } };
  });
  const mine = events.filter(({ data }) => data.reference === reference);
  for (const { data } of mine) expect(data.mode).toBe('test');
  return [...new Map(mine.map(({ id, type }) => [id, type])).values()];
}

test('keys say what they are', () => {
  expect(key).toMatch(/^qxs_test_/);
});

test.each([
  ['0000', 200, ['message.sent', 'message.delivered']],
  ['5026', 200, ['message.failed']],
  ['6003', 202, ['message.sent', 'message.delivered', 'message.reconciled']],
  ['7002', 200, ['message.sent', 'message.delivered']],
  ['7003', 200, ['message.read', 'message.delivered', 'message.sent']],
  ['7004', 200, ['message.sent', 'message.delivered', 'message.read']],
])('to +1555010%s: %i, and the tenant is really told', async (suffix, status, types) => {
  expect((await send(suffix)).status).toBe(status);
  const told = await eventually(
    () => toldOf(suffix),
    (found) => found.length >= types.length,
  );
  expect([...told].sort()).toEqual([...types].sort());
});

test.each([
  ['2026', 502, 131026],
  ['2056', 429, 131056],
  ['4190', 502, 190],
])("to +1555010%s: %i with Meta's error %i", async (suffix, status, code) => {
  const answer = await send(suffix);
  expect([answer.status, answer.body]).toMatchObject([status, { whatsapp_error: { error: { code } } }]);
});

test('an unknown outcome turns into the answer, under its key', async () => {
  const first = await send('6003', { 'Idempotency-Key': 'sandbox-unknown' });
  expect(first.status).toBe(202);
  const resolved = await eventually(
    () => send('6003', { 'Idempotency-Key': 'sandbox-unknown' }),
    ({ status }) => status === 200,
  );
  expect(resolved.body.id).toBe(first.body.id);
});

test('templates and replies need neither connection nor service window', async () => {
  const template = await stack.api('POST', '/v1/whatsapp/external/send/template', {
    headers: { 'X-API-Key': key },
    body: { to: '+15550100000', template_name: 'sandbox_order_update', variables: ['Ada', 'A-42'] },
  });
  expect(template.status).toBe(200);
  const reply = await stack.api('POST', '/v1/whatsapp/external/reply/text', {
    headers: { 'X-API-Key': key },
    body: { to: '+15550100000', body: 'hello' },
  });
  expect(reply.status).toBe(200);
});

test('nothing of the sandbox reaches Meta', async () => {
  expect(await sentMessages(stack)).toEqual([]);
});

test('a rehearsal under an Idempotency-Key does not swallow the send that is meant', async () => {
  const headers = { 'Idempotency-Key': 'rehearsed' };
  const rehearsed = await send('0000', headers);
  const body = { to: '+15550100000', code: '482913', reference: '0000' };
  const meant = await sendOtp(stack, { headers, body });
  expect([rehearsed.status, meant.status, meant.headers.get('idempotency-replayed')]).toEqual([200, 200, null]);
  expect(meant.body.id).not.toBe(rehearsed.body.id);
  expect(await sentMessages(stack)).toHaveLength(1);
  expect((await send('0000', headers)).body.id).toBe(rehearsed.body.id);
});
