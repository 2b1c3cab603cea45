import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parseApiKey } from '../../shared/api-key.ts';
import { admin } from '../support/admin.ts';
import { type Dashboard, dashboardAs, dashboardOf } from '../support/dashboard.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { itemsOf, sendOtp } from '../support/tenant.ts';

jest.setTimeout(60_000);

let stack: RunningStack;
let owner: Dashboard;
let developer: Dashboard;
beforeAll(async () => {
  stack = await startStack();
  owner = await dashboardOf(stack, 'owner@demo.example');
  developer = await dashboardOf(stack, 'developer@demo.example');
}, 120_000);
afterAll(() => stack?.stop());

const order = (change: object = {}) => ({
  ...{ brand_id: stack.brand_id, name: 'Signup', scopes: ['whatsapp:send_otp'] },
  ...change,
});
const mint = async (headers: Record<string, string> = {}) => developer('POST', '/api-keys', order(), headers);
const isTaken = async (key: string) => (await sendOtp(stack, { headers: { 'X-API-Key': key } })).status;
const lines = async (query = '') => (await owner('GET', `/audit-log?limit=100${query}`)).body.data;

test("a key's secret is in exactly one answer, and nowhere else", async () => {
  const answers: string[] = [];
  const ask = async (...call: Parameters<Dashboard>) => {
    const answer = await developer(...call);
    answers.push(answer.text + JSON.stringify([...answer.headers]));
    return answer;
  };
  const minted = await ask('POST', '/api-keys', order(), { 'Idempotency-Key': 'one' });
  const rolled = await ask('POST', `/api-keys/${minted.body.id}/roll`, { grace: '1h' }, { 'Idempotency-Key': 'two' });
  const keys = [minted, rolled].map(({ body, status, headers }) => {
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    return String(body.secret);
  });
  for (const key of keys) expect(await isTaken(key)).toBe(200);

  // Repetitions, second reads, refusals and everything that knows the key.
  const again = await ask('POST', '/api-keys', order(), { 'Idempotency-Key': 'one' });
  expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([
    201,
    'true',
    { ...minted.body, secret: null },
  ]);
  const rolledAgain = await ask(
    'POST',
    `/api-keys/${minted.body.id}/roll`,
    { grace: '1h' },
    { 'Idempotency-Key': 'two' },
  );
  expect(rolledAgain.body).toEqual({ ...rolled.body, secret: null });
  expect((await ask('POST', '/api-keys', order({ name: 'Other' }), { 'Idempotency-Key': 'one' })).status).toBe(422);
  expect((await ask('POST', `/api-keys/${minted.body.id}/roll`, {})).status).toBe(409);
  expect((await ask('PATCH', '/api-keys/key_unknown', { name: 'x' })).status).toBe(404);
  // In the wrong place: a person's API, the tenant's key.
  const mistaken = await dashboardAs(stack, keys[0] ?? '')('GET', '/me');
  expect(mistaken.status).toBe(401);
  answers.push(mistaken.text);
  await ask('PATCH', `/api-keys/${rolled.body.id}`, { name: 'Renamed' });
  await ask('GET', `/api-keys?brand_id=${stack.brand_id}`);
  await ask('GET', '/audit-log?limit=100');
  await ask('GET', '/audit-log?format=csv');
  await ask('DELETE', `/api-keys/${rolled.body.id}?now=true`);

  const tables = await Promise.all(
    Object.keys(stack.tables).map(async (name) => JSON.stringify(await itemsOf(stack, name))),
  );
  const logs = readdirSync(stack.logs).map((name) => readFileSync(path.join(stack.logs, name), 'utf8'));
  expect(tables.join('').length).toBeGreaterThan(1000);
  expect(logs.join('')).toContain('create-api-key');
  for (const key of keys) {
    const secret = parseApiKey(key)?.secret ?? 'none';
    expect(answers.filter((text) => text.includes(secret))).toHaveLength(1);
    expect([...tables, ...logs].filter((text) => text.includes(secret))).toEqual([]);
  }
});

test('five at once with one Idempotency-Key mint one key, and one of them sees its secret', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => mint({ 'Idempotency-Key': 'five' })));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.filter(({ body }) => body.secret !== null)).toHaveLength(1);
  const [line] = await lines(`&target=${answers[0]?.body.id}`);
  expect([line.action, (await lines(`&target=${answers[0]?.body.id}`)).length]).toEqual(['api_key.created', 1]);
});

test('scopes are extended and narrowed, the expiry set; each change is in the audit log as it was and as it is', async () => {
  const { body: key } = await mint();
  const change = { scopes: ['whatsapp:reply', 'whatsapp:send_otp'], otp_countries: ['US'], name: 'Two' };
  const changed = await developer('PATCH', `/api-keys/${key.id}`, change);
  expect(changed.body).toMatchObject({
    name: 'Two',
    scopes: ['whatsapp:send_otp', 'whatsapp:reply'],
    otp_countries: ['US'],
  });
  await developer('PATCH', `/api-keys/${key.id}`, { scopes: ['whatsapp:reply'], otp_countries: null });
  // The last is of the year 10000, in UTC.
  for (const expires_at of ['2020-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00'])
    expect((await developer('PATCH', `/api-keys/${key.id}`, { expires_at })).status).toBe(400);
  const [narrowed, extended, created] = await lines(`&target=${key.id}`);
  expect([created.action, extended.action, narrowed.action]).toEqual([
    'api_key.created',
    'api_key.updated',
    'api_key.updated',
  ]);
  expect(extended).toMatchObject({
    actor: { kind: 'member', email: 'developer@demo.example' },
    brand_id: stack.brand_id,
    before: { name: 'Signup', scopes: ['whatsapp:send_otp'], otp_countries: null },
    after: { name: 'Two', scopes: ['whatsapp:send_otp', 'whatsapp:reply'], otp_countries: ['US'] },
  });
  expect(narrowed).toMatchObject({ before: { otp_countries: ['US'] }, after: { otp_countries: null } });
});

test('what is pasted in the wrong place, or is empty, is a 400 and changes nothing', async () => {
  const { body: key } = await mint();
  const [{ id: connection }] = (await owner('GET', `/whatsapp/connections?brand_id=${stack.brand_id}`)).body.data;
  const token = `EAA${'x'.repeat(30)}`;
  const before = await lines();
  for (const [method, call, body] of [
    ['POST', '/api-keys', order({ name: key.secret })],
    ['PATCH', `/api-keys/${key.id}`, { name: token }],
    ['POST', '/brands', { name: stack.tenant_secret }],
    ['PATCH', `/whatsapp/connections/${connection}`, { webhook_url: `https://shop.example/hooks?token=${token}` }],
    ['GET', '/api-keys?brand_id='],
    ['GET', '/webhooks/events?brand_id='],
  ] as const)
    expect([call, (await owner(method, call, body)).status]).toEqual([call, 400]);
  const [{ webhook_url }] = (await owner('GET', `/whatsapp/connections?brand_id=${stack.brand_id}`)).body.data;
  expect((await owner('PATCH', `/whatsapp/connections/${connection}`, { webhook_url })).status).toBe(200);
  expect(await lines()).toEqual(before);
});

test('a revocation holds within 60 s, and with now=true at the next request', async () => {
  const [slow, fast] = [(await mint()).body, (await mint()).body];
  for (const { secret } of [slow, fast]) expect(await isTaken(secret)).toBe(200);
  await developer('DELETE', `/api-keys/${slow.id}`);
  expect(await isTaken(slow.secret)).toBe(200);
  await developer('DELETE', `/api-keys/${fast.id}?now=true`);
  expect([await isTaken(fast.secret), await isTaken(slow.secret)]).toEqual([401, 401]);
});

describe('people', () => {
  test('who is invited becomes a member with the first sign-in; a role that is changed holds within 60 s', async () => {
    const invited = await owner('POST', '/members', { email: 'Ann@Demo.example', role: 'viewer' });
    expect([invited.status, invited.body]).toEqual([
      201,
      expect.objectContaining({ email: 'ann@demo.example', status: 'invited' }),
    ]);
    expect((await owner('POST', '/members', { email: 'ann@demo.example', role: 'owner' })).body.code).toBe(
      'member_exists',
    );
    const ann = await dashboardOf(stack, 'ann@demo.example');
    expect((await ann('GET', '/me')).body.role).toBe('viewer');
    await owner('PATCH', `/members/${invited.body.id}`, { role: 'developer' });
    expect((await ann('POST', '/api-keys', order())).status).toBe(403);
    await stack.control.advance(61);
    const later = await dashboardOf(stack, 'ann@demo.example');
    expect((await later('POST', '/api-keys', order())).status).toBe(201);
    await (await dashboardOf(stack, 'owner@demo.example'))('DELETE', `/members/${invited.body.id}`);
    await stack.control.flushAuthorizerCache();
    expect((await later('GET', '/me')).status).toBe(403);
    const actions = (await lines(`&target=${invited.body.id}`)).map(({ action }: { action: string }) => action);
    expect(actions).toEqual(['member.removed', 'member.role_changed', 'member.joined', 'member.invited']);
  });

  test('two owners who remove each other at once: one of them stays', async () => {
    await owner('POST', '/members', { email: 'second@demo.example', role: 'owner' });
    const second = await dashboardOf(stack, 'second@demo.example');
    const [first, other] = [(await owner('GET', '/me')).body, (await second('GET', '/me')).body];
    const answers = await Promise.all([
      owner('DELETE', `/members/${other.id}`),
      second('DELETE', `/members/${first.id}`),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const owners = (await itemsOf(stack, 'members')).filter(
      ({ role, status }) => role === 'owner' && status === 'active',
    );
    expect(owners).toHaveLength(1);
    const [organisation] = (await itemsOf(stack, 'organisations')).filter(({ name }) => name === 'Demo organisation');
    expect(organisation?.owners).toBe(1);
  });
});

describe('npm run admin', () => {
  test('creates an organisation, whose owner mints a key; suspended, neither gets in; then both do', async () => {
    const made = await admin(stack, 'organisation', 'create', 'Acme', 'boss@acme.example');
    const boss = await dashboardOf(stack, 'boss@acme.example');
    expect((await boss('GET', '/me')).body).toMatchObject({
      role: 'owner',
      organisation: { id: made.organisation_id, name: 'Acme' },
    });
    const brand = (await boss('POST', '/brands', { name: 'Acme Pizza' })).body;
    const key = (await boss('POST', '/api-keys', order({ brand_id: brand.id }))).body;
    const ofKey = async () =>
      (await stack.api('GET', '/v1/whatsapp/external/key', { headers: { 'X-API-Key': key.secret } })).status;
    expect(await ofKey()).toBe(200);

    const suspended = await admin(stack, 'suspend', String(made.organisation_id));
    expect(suspended).toMatchObject({ status: 'suspended', keys: 1 });
    expect([await ofKey(), (await boss('GET', '/me')).status]).toEqual([401, 403]);
    expect(await isTaken(stack.api_key)).toBe(200);
    await admin(stack, 'unsuspend', String(made.organisation_id));
    expect([await ofKey(), (await boss('GET', '/me')).status]).toEqual([200, 200]);
    const { data } = (await boss('GET', '/audit-log')).body;
    expect(data.map(({ action, actor }: { action: string; actor: { id: string } }) => `${action} ${actor.id}`)).toEqual(
      expect.arrayContaining(['organisation.suspended tester', 'organisation.created tester']),
    );
  });

  test('lists numbers that Meta tells of and nobody has', async () => {
    const phone_number_id = '999000111222333';
    const message = {
      from: '15550109997',
      id: 'wamid.unknown',
      timestamp: '1760000000',
      type: 'text',
      text: { body: 'hi' },
    };
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550100099', phone_number_id },
      contacts: [{ profile: { name: 'U' }, wa_id: '15550109997' }],
      messages: [message],
    };
    const body = {
      object: 'whatsapp_business_account',
      entry: [{ id: '888000', changes: [{ field: 'messages', value }] }],
    };
    await fetch(`${stack.meta_simulator_url}/_webhook`, { method: 'POST', body: JSON.stringify(body) });
    for (let found: unknown[] = []; found.length === 0; ) {
      found = (await admin(stack, 'unknown-numbers')) as unknown as unknown[];
      if (found.length > 0)
        expect(found).toEqual([
          expect.objectContaining({ owner: expect.stringContaining(phone_number_id), updates: 1 }),
        ]);
    }
  });
});
