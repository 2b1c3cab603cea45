import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parseApiKey } from '../../shared/api-key.ts';
import type { Scope } from '../../shared/scopes.ts';
import { type Dashboard, dashboardOf } from '../support/dashboard.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { addBrand } from '../support/second-brand.ts';
import { type Answer, mintKey, OTP_BODY, sendOtp } from '../support/tenant.ts';

jest.setTimeout(60_000);

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

/** Whoever looks after the keys. Signs in anew: the stack's time goes on by hours here. */
const dashboard: Dashboard = async (...call) => (await dashboardOf(stack, 'developer@demo.example'))(...call);
const idOf = (key: string) => parseApiKey(key)?.keyId ?? '';
const change = (key: string, body: object) => dashboard('PATCH', `/api-keys/${idOf(key)}`, body);
const roll = (key: string, grace: string) => dashboard('POST', `/api-keys/${idOf(key)}/roll`, { grace });
const send = (key: string, body: object = OTP_BODY) => sendOtp(stack, { headers: { 'X-API-Key': key }, body });
/** A code by the other route: the same limits hold. */
const sendAsTemplate = async (key: string, to = OTP_BODY.to) => {
  const body = { to, template_name: OTP_BODY.template_name, variables: [OTP_BODY.code] };
  const answer = await stack.api('POST', '/v1/whatsapp/external/send/template', {
    headers: { 'X-API-Key': key },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const report = (key: string) =>
  stack.api('POST', '/v1/whatsapp/external/key/report-leak', { headers: { 'X-API-Key': key } });

describe('revocation', () => {
  test('takes effect within 60 s', async () => {
    const key = await mintKey(stack, ['whatsapp:send_otp']);
    expect((await send(key)).status).toBe(200);
    expect((await dashboard('DELETE', `/api-keys/${idOf(key)}`)).status).toBe(200);
    const seconds = await secondsUntil(async () => (await send(key)).status === 401);
    console.log(`revoked without flush: refused after ${seconds} s of the stack's time`);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  test('takes effect at once with the flush', async () => {
    const key = await mintKey(stack, ['whatsapp:send_otp']);
    expect((await send(key)).status).toBe(200);
    const before = performance.now();
    await dashboard('DELETE', `/api-keys/${idOf(key)}?now=true`);
    expect((await send(key)).status).toBe(401);
    console.log(`revoked with flush: refused at the next request, ${Math.round(performance.now() - before)} ms later`);
  });

  test('by whoever found the key, with nothing but the key', async () => {
    const key = await mintKey(stack, []);
    const answer = await report(key);
    expect([answer.status, await answer.json()]).toEqual([200, { id: idOf(key), status: 'revoked' }]);
    const { data } = (await dashboard('GET', `/audit-log?target=${idOf(key)}`)).body;
    expect(data).toMatchObject([
      { action: 'api_key.revoked', actor: { kind: 'system' }, brand_id: stack.brand_id, after: { because: 'leaked' } },
    ]);
    await stack.control.flushAuthorizerCache();
    expect((await report(key)).status).toBe(401);
  });
});

test('scopes given and taken hold after the flush', async () => {
  const key = await mintKey(stack, ['whatsapp:read_messages']);
  expect((await send(key)).status).toBe(403);
  await change(key, { scopes: ['whatsapp:send_otp', 'whatsapp:reply'] });
  await stack.control.flushAuthorizerCache();
  expect((await send(key)).status).toBe(200);
  expect((await change(key, { scopes: ['whatsapp:reply'] })).body.scopes).toEqual(['whatsapp:reply']);
  await stack.control.flushAuthorizerCache();
  expect((await send(key)).status).toBe(403);
});

test('a key that has expired does not come back', async () => {
  const key = await mintKey(stack, ['whatsapp:send_otp'], { expiresAt: Date.now() - 1000 });
  for (const refused of [await change(key, { expires_at: null }), await roll(key, '1h')])
    expect([refused.status, refused.body.code]).toEqual([409, 'api_key_ended']);
  expect((await send(key)).status).toBe(401);
});

test('a rolled key goes on for its grace, and is changed no more', async () => {
  const key = await mintKey(stack, ['whatsapp:send_otp']);
  const rolled = await roll(key, '1h');
  expect([rolled.status, rolled.body]).toEqual([
    201,
    expect.objectContaining({ brand_id: stack.brand_id, scopes: ['whatsapp:send_otp'] }),
  ]);
  for (const one of [key, String(rolled.body.secret)]) expect((await send(one)).status).toBe(200);
  for (const refused of [await change(key, { scopes: ['whatsapp:reply'] }), await roll(key, '7d')])
    expect([refused.status, refused.body.code]).toEqual([409, 'api_key_ended']);
  await stack.control.advance(3590);
  expect((await send(key)).status).toBe(200);
  // Known beforehand: what the gateway remembers for a minute makes no difference.
  await stack.control.advance(11);
  expect((await send(key)).status).toBe(401);
});

test('a key that expires is refused from that moment, whatever the gateway remembers', async () => {
  const key = await mintKey(stack, ['whatsapp:send_otp']);
  const { clock } = await stack.control.health();
  await change(key, { expires_at: new Date(Date.parse(clock.now) + 30_000).toISOString() });
  expect((await send(key)).status).toBe(200);
  await stack.control.advance(31);
  expect((await send(key)).status).toBe(401);
});

describe('limits', () => {
  test('of a key: 429 with Retry-After and the RateLimit headers', async () => {
    const key = await mintKey(stack, ['whatsapp:send_otp'], { requestsPerMinute: 3 });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await send(key));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"key";q=3;w=60');
    expect(answers[0]?.headers.get('ratelimit')).toBe('"key";r=2;t=60');
    const refused = answers[3];
    expect(refused?.body).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused?.headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/);
    await stack.control.advance(Number(refused?.headers.get('retry-after')));
    expect((await send(key)).status).toBe(200);
  });

  // 200 keys × 50 at once, on a database alone: test/integration/limits. Here eight containers share one key.
  test('50 requests at a limit of 40: never more than it, never less than 95 % of it', async () => {
    const quota = 40;
    const change = { mode: 'test', requestsPerMinute: quota } as const;
    const key = await mintKey(stack, ['whatsapp:send_otp'], change);
    // A minute must not pass: nothing is to be refilled.
    await stack.control.setScale(0.001);
    const recipients = Array.from({ length: 50 }, (_, i) => `+128181846${10 + i}`).values();
    const statuses: number[] = [];
    const container = async () => {
      for (const to of recipients) statuses.push((await send(key, { ...OTP_BODY, to })).status);
    };
    await Promise.all(Array.from({ length: 8 }, container));
    await stack.control.setScale(1);
    const passed = statuses.filter((status) => status === 200).length;
    console.log(`50 requests, eight at a time, limit ${quota}: ${passed} passed`);
    expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
    expect(passed).toBeLessThanOrEqual(quota);
    expect(passed).toBeGreaterThanOrEqual(quota * 0.95);
  });

  const TEN_MINUTES_SECONDS = 601;
  test('of codes to a person: 5 in 10 minutes and 20 in a day, and others are not concerned', async () => {
    const { key } = await addBrand(stack);
    const sendFive = async () => {
      for (let i = 0; i < 5; i++) expect((await send(key)).status).toBe(200);
      return send(key);
    };
    for (let round = 1; round <= 4; round++) {
      expectLimited(await sendFive(), 'otp_recipient_limit', /^"otp-recipient";q=(5;w=600|20;w=86400)$/);
      expect((await sendAsTemplate(key)).body.code).toBe('otp_recipient_limit');
      expect((await send(key, { ...OTP_BODY, to: `+1281818440${round}` })).status).toBe(200);
      await stack.control.advance(TEN_MINUTES_SECONDS);
    }
    expectLimited(await send(key), 'otp_recipient_limit', /^"otp-recipient";q=20;w=86400$/);
  });

  test('of a number to a person, and of a number: known before Meta is called', async () => {
    const pair = await addBrand(stack, { pairBurst: 2, otpPerTenMinutes: 100, otpPerDay: 100 });
    await stack.control.setScale(0.02);
    const answers = [];
    // Five of the container's own, and two of the burst.
    for (let i = 0; i < 8; i++) answers.push(await send(pair.key));
    expect(answers.map(({ status }) => status)).toEqual([...Array(7).fill(200), 429]);
    expectLimited(answers[7], 'pair_rate_limited', /^"pair";q=2;w=12$/);

    const number = await addBrand(stack, { messagesPerSecond: 1 });
    const fast = [];
    for (let i = 0; i < 3; i++) fast.push(await send(number.key, { ...OTP_BODY, to: `+1281818450${i}` }));
    await stack.control.setScale(1);
    expect(fast.map(({ status }) => status)).toEqual([200, 200, 429]);
    expectLimited(fast[2], 'rate_limited', /^"number";q=1;w=1$/);
  });

  test('of the countries a key may send codes to', async () => {
    const scopes: Scope[] = ['whatsapp:send_otp', 'whatsapp:send_template'];
    const key = await mintKey(stack, scopes, { otpCountries: ['US'] });
    expect((await send(key)).status).toBe(200);
    const abroad = '+14165550100';
    for (const refused of [await send(key, { ...OTP_BODY, to: abroad }), await sendAsTemplate(key, abroad)])
      expect([refused.status, refused.body.code]).toEqual([403, 'country_not_allowed']);
  });
});

function expectLimited(answer: Answer | undefined, code: string, policy: RegExp): void {
  const retryAfter = answer?.headers.get('retry-after');
  expect([answer?.status, answer?.body.code]).toEqual([429, code]);
  expect(answer?.body).toMatchObject({ retryable: true, retry_after_seconds: Number(retryAfter) });
  expect(Number(retryAfter)).toBeGreaterThan(0);
  expect(answer?.headers.get('ratelimit-policy')).toMatch(policy);
  expect(answer?.headers.get('ratelimit')).toMatch(new RegExp(`;r=0;t=${retryAfter}$`));
}

/** Steps of 5 s of the stack's time. */
async function secondsUntil(passes: () => Promise<boolean>): Promise<number> {
  for (let seconds = 0; ; seconds += 5) {
    if (await passes()) return seconds;
    if (seconds > 120) throw new Error('not within two minutes');
    await stack.control.advance(5);
  }
}
