import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { API_ERRORS, type ErrorCode } from '../../shared/error-codes.ts';
import { callApi } from '../support/documented.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { type Answer, itemsOf, mintKey, OTP_BODY, sendOtp } from '../support/tenant.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

const PROBLEM_KEYS = [
  ...['type', 'title', 'status', 'code', 'detail', 'instance', 'request_id', 'retryable'],
  ...['retry_after_seconds', 'fix', 'errors'],
];

function expectProblem(answer: Answer, code: ErrorCode): void {
  const { status, title, fix } = API_ERRORS[code];
  expect(answer.body).toMatchObject({ code, status, title, fix });
  expect(answer.status).toBe(status);
  expect(Object.keys(answer.body)).toEqual(PROBLEM_KEYS);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('x-request-id')).toBe(answer.body.request_id);
  expect(answer.body.type).toBe(`${String(answer.body.type).split('/errors/')[0]}/errors/${code}`);
  if (answer.body.retry_after_seconds !== null) {
    expect(answer.headers.get('retry-after')).toBe(String(answer.body.retry_after_seconds));
  }
}

const everythingStored = async () =>
  JSON.stringify(await Promise.all(['idempotency', 'messages', 'events'].map((table) => itemsOf(stack, table))));

test.each([
  ['a missing field', { code: '1' }, [{ pointer: '/to', code: 'required' }]],
  ['two wrong fields', { to: 'x', code: '' }, [{ pointer: '/to' }, { pointer: '/code' }]],
  ['an unknown field', { ...OTP_BODY, cod: '1' }, [{ pointer: '/cod', code: 'unknown_field' }]],
  ['a code with a space', { ...OTP_BODY, code: '12 34' }, [{ pointer: '/code' }]],
  ['a code of 16 characters', { ...OTP_BODY, code: '1234567890123456' }, [{ pointer: '/code' }]],
  ['a brand in the body', { ...OTP_BODY, brand_id: 'brd_1' }, [{ pointer: '/brand_id', code: 'unknown_field' }]],
  ['a template that is no OTP', { ...OTP_BODY, template_name: 'order_update' }, [{ pointer: '/template_name' }]],
  ['an array', [], [{ pointer: '' }]],
  ['null', null, [{ pointer: '' }]],
])('%s is refused by name, with nothing of it repeated, and leaves nothing behind', async (_name, body, errors) => {
  const before = await everythingStored();
  const answer = await sendOtp(stack, { body, headers: { 'Idempotency-Key': 'bad-input' } });
  expect(answer.body).toMatchObject({ code: 'invalid_request', errors });
  expectProblem(answer, 'invalid_request');
  expect(await everythingStored()).toBe(before);
});

/** fetch would make valid JSON of it. */
const raw = async (init: RequestInit): Promise<Answer> => {
  const response = await callApi(stack, '/v1/whatsapp/external/send/otp', { method: 'POST', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
};
const auth = () => ({ 'X-API-Key': stack.api_key, 'Content-Type': 'application/json' });

test('what is not JSON, too large, or of another type', async () => {
  expectProblem(await raw({ headers: auth(), body: '{"to":' }), 'invalid_request');
  expectProblem(await raw({ headers: auth(), body: '' }), 'invalid_request');
  expectProblem(
    await raw({ headers: auth(), body: JSON.stringify({ code: 'x'.repeat(66_000) }) }),
    'payload_too_large',
  );
  const form = { ...auth(), 'Content-Type': 'application/x-www-form-urlencoded' };
  expectProblem(await raw({ headers: form, body: 'to=1' }), 'unsupported_media_type');
});

test("more than the gateway's 10 MB", async () => {
  expectProblem(await raw({ headers: auth(), body: 'x'.repeat(10 * 1024 * 1024 + 1) }), 'payload_too_large');
});

test.each(['', 'a key', 'ä', 'x'.repeat(256)])('the Idempotency-Key %j is refused', async (key) => {
  // A header may hold Latin-1 only; what is beyond it never leaves the client.
  const answer = await sendOtp(stack, { headers: { 'Idempotency-Key': key } });
  expectProblem(answer, 'invalid_request');
  expect(answer.body).toMatchObject({ errors: [{ pointer: 'header:Idempotency-Key' }] });
});

test('missing, malformed, unknown, revoked and expired keys cannot be told apart', async () => {
  const now = Date.now();
  const revoked = await mintKey(stack, ['whatsapp:send_otp'], { revokedAt: now - 1000 });
  const expired = await mintKey(stack, ['whatsapp:send_otp'], { expiresAt: now - 1000 });
  const stranger = stack.api_key.slice(0, -7) + (stack.api_key.at(-7) === 'a' ? 'b' : 'a') + stack.api_key.slice(-6);
  const answers = await Promise.all([
    raw({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(OTP_BODY) }),
    ...['nonsense', stranger, revoked, expired].map((key) => sendOtp(stack, { headers: { 'X-API-Key': key } })),
  ]);
  for (const answer of answers) expectProblem(answer, 'invalid_api_key');
  const bodies = answers.map(({ body }) => JSON.stringify({ ...body, request_id: '' }));
  expect(new Set(bodies).size).toBe(1);
});

test('an id that is longer than any', async () => {
  const answer = await stack.api('GET', `/v1/whatsapp/external/messages/${'m'.repeat(3000)}`);
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({ code: 'invalid_request', errors: [expect.objectContaining({ pointer: 'path:id' })] }),
  ]);
});

test('a key of another scope', async () => {
  const key = await mintKey(stack, ['whatsapp:read_messages']);
  for (let i = 0; i < 2; i++)
    expectProblem(await sendOtp(stack, { headers: { 'X-API-Key': key } }), 'insufficient_scope');
});

test('a key without scopes', async () => {
  const key = await mintKey(stack, []);
  expectProblem(await sendOtp(stack, { headers: { 'X-API-Key': key } }), 'insufficient_scope');
});

test('a brand without a connection, and a key without a brand', async () => {
  const lonely = await mintKey(stack, ['whatsapp:send_otp'], { brandId: 'brd_without_connection' });
  expectProblem(await sendOtp(stack, { headers: { 'X-API-Key': lonely } }), 'connection_not_found');
  const unbound = await mintKey(stack, ['whatsapp:send_otp'], { brandId: undefined });
  expectProblem(await sendOtp(stack, { headers: { 'X-API-Key': unbound } }), 'brand_not_bound');
});

test('templates: unknown, in another language, not approved', async () => {
  const withTemplate = (change: object) => sendOtp(stack, { body: { ...OTP_BODY, ...change } });
  expectProblem(await withTemplate({ template_name: 'no_such_template' }), 'template_not_found');
  expectProblem(await withTemplate({ language: 'de' }), 'template_not_found');
  expectProblem(await withTemplate({ template_name: 'welcome_back' }), 'template_not_approved');
});

test('the default template is used when none is named', async () => {
  const { template_name: _omitted, ...body } = OTP_BODY;
  expect((await sendOtp(stack, { body })).body).toMatchObject({ template: { name: 'signup_otp', language: 'en_US' } });
});

test('no such endpoint, and a wrong method on one there is', async () => {
  const call = async (method: string, path: string): Promise<Answer> => {
    const response = await stack.api(method, path);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  };
  expectProblem(await call('POST', '/v1/whatsapp/external/send/nothing'), 'route_not_found');
  const wrongMethod = await call('GET', '/v1/whatsapp/external/send/otp');
  expectProblem(wrongMethod, 'method_not_allowed');
  expect(wrongMethod.headers.get('allow')).toBe('POST');
});
