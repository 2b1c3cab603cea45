import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import * as z from 'zod';
import { type Dashboard, dashboardOf } from '../support/dashboard.ts';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { addBrand } from '../support/second-brand.ts';
import { itemsOf, mintKey, sendOtp } from '../support/tenant.ts';

jest.setTimeout(120_000);

const Account = z.object({ waba_id: z.string(), phone_number_id: z.string(), access_token: z.string() });
type Account = z.output<typeof Account>;

let stack: RunningStack;
let owner: Dashboard;
beforeAll(async () => {
  stack = await startStack({ scale: 10 });
  owner = await dashboardOf(stack, 'owner@demo.example');
});
afterAll(() => stack.stop());

const simulator = async (method: string, call: string, body: object) =>
  (await fetch(`${stack.meta_simulator_url}${call}`, { method, body: JSON.stringify(body) })).json();
const addAccount = async (): Promise<Account> =>
  Account.parse(await simulator('POST', '/_accounts', { is_bare: true }));
const accountNow = async ({ waba_id }: Account) => {
  const all = (await (await fetch(`${stack.meta_simulator_url}/_accounts`)).json()) as Record<string, unknown>[];
  return all.find((one) => one.waba_id === waba_id);
};

const wishOf = ({ access_token, ...account }: Account, brandId: unknown, change: object = {}) => ({
  brand_id: brandId,
  ...account,
  access_token,
  webhook_url: `${stack.tenant_receiver_url}/webhooks/acme`,
  ...change,
});
const newBrand = async (name: string) => (await owner('POST', '/brands', { name })).body.id;
const statusesOf = (steps: unknown) =>
  z
    .array(z.looseObject({ status: z.string() }))
    .parse(steps)
    .map(({ status }) => status);

let account: Account;
let brandId: string;
let connectionId: string;
let secret: string;
let key: string;

test('a number is checked, connected and tried', async () => {
  account = await addAccount();
  brandId = String(await newBrand('Acme'));
  const checked = await owner('POST', '/whatsapp/connections/check', wishOf(account, brandId));
  expect([checked.status, checked.body.ok]).toEqual([200, true]);
  expect(await accountNow(account)).toMatchObject({ is_subscribed: false });

  const made = await owner('POST', '/whatsapp/connections', wishOf(account, brandId));
  expect([made.status, ...statusesOf(made.body.steps)]).toEqual([201, ...Array.from({ length: 9 }, () => 'done')]);
  expect(made.headers.get('cache-control')).toBe('no-store');
  expect(await accountNow(account)).toMatchObject({ is_subscribed: true });
  connectionId = String(made.body.id);
  secret = String(made.body.secret);

  const [tested] = await eventually(
    async () =>
      (await stack.receiver.received({ event_type: 'webhook.test' })).filter(({ body }) => body.includes(connectionId)),
    (all) => all.length > 0,
  );
  const signature = `sha256=${createHmac('sha256', secret)
    .update(tested?.body ?? '')
    .digest('hex')}`;
  expect(tested?.headers['x-quixess-signature-256']).toBe(signature);

  const again = await owner('POST', '/whatsapp/connections', wishOf(account, brandId));
  expect([again.status, again.body.id, again.body.secret]).toEqual([200, connectionId, null]);
});

test('a template for codes is submitted, approved by a webhook, and sent with', async () => {
  const otp = { kind: 'otp', name: 'acme_otp', language: 'en_US', code_expiration_minutes: 10 };
  const submitted = await owner('POST', '/whatsapp/templates', { brand_id: brandId, ...otp });
  expect([submitted.status, submitted.body.status]).toEqual([201, 'PENDING']);
  const twice = await owner('POST', '/whatsapp/templates', { brand_id: brandId, ...otp });
  expect([twice.status, twice.body.code]).toEqual([409, 'template_exists']);

  const listed = () => owner('GET', `/whatsapp/templates?brand_id=${brandId}&name=acme_otp`);
  await eventually(listed, ({ text }) => text.includes('"status":"APPROVED"'));
  const changed = await eventually(
    () => stack.receiver.received({ event_type: 'template.status_changed' }),
    (all) => all.some(({ body }) => body.includes('acme_otp')),
  );
  expect(changed.some(({ body }) => body.includes('acme_otp') && body.includes(brandId))).toBe(true);

  await owner('PATCH', `/whatsapp/connections/${connectionId}`, { default_otp_template: 'acme_otp' });
  key = await mintKey(stack, ['whatsapp:send_otp'], { brandId });
  const headers = { 'X-API-Key': key };
  const sent = await sendOtp(stack, {
    body: { to: '+15550100777', code: '482913', template_name: 'acme_otp' },
    headers,
  });
  expect(sent.status).toBe(200);
  await eventually(
    () => stack.receiver.received({ event_type: 'message.delivered' }),
    (all) => all.some(({ body }) => body.includes(String(sent.body.id))),
  );
});

test('what Meta would refuse is refused before, and named', async () => {
  const wrong = {
    brand_id: brandId,
    kind: 'message',
    name: 'order',
    language: 'en_US',
    category: 'UTILITY',
    body: { text: '{{1}} is on its way.' },
  };
  const refused = await owner('POST', '/whatsapp/templates', wrong);
  expect(refused.body.errors).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ pointer: '/body/text', code: 'variable_at_end' }),
      expect.objectContaining({ pointer: '/body/examples', code: 'missing_example' }),
    ]),
  );
  const copy = { kind: 'copy', name: 'acme_otp_two', language: 'de', copy_of: { name: 'acme_otp', language: 'en_US' } };
  expect((await owner('POST', '/whatsapp/templates', { brand_id: brandId, ...copy })).status).toBe(201);
  expect((await owner('POST', '/whatsapp/templates/sync', { brand_id: brandId })).body).toMatchObject({ listed: 2 });
  const gone = await owner('DELETE', `/whatsapp/templates/acme_otp_two?brand_id=${brandId}`);
  expect(gone.body).toEqual({ name: 'acme_otp_two', languages: ['de'] });
});

test('the signing secret is rotated in two phases, each secret shown once', async () => {
  const headers = { 'Idempotency-Key': '5f0c1f7e-6f5b-4a52-9a39-2d1b7c8e9f10' };
  const rotate = () => owner('POST', `/whatsapp/connections/${connectionId}/rotate-secret`, undefined, headers);
  const rotated = await rotate();
  expect(rotated.body).toMatchObject({ connection_id: connectionId, secret: expect.stringMatching(/^whsec_/) });
  expect(rotated.body.secret).not.toBe(secret);
  const repeated = await rotate();
  expect([repeated.body, repeated.headers.get('idempotency-replayed')]).toEqual([
    { ...rotated.body, secret: null },
    'true',
  ]);
  expect((await owner('POST', `/whatsapp/connections/${connectionId}/promote-secret`)).status).toBe(200);
  expect((await owner('GET', `/whatsapp/connections/${connectionId}`)).text).not.toContain('whsec_');
  const tried = () => owner('POST', `/whatsapp/connections/${connectionId}/test`, undefined, headers);
  const [first, second] = [await tried(), await tried()];
  expect([first.status, second.status, second.body.id]).toEqual([202, 202, first.body.id]);
  expect((await owner('POST', `/whatsapp/connections/${connectionId}/enable`, {})).body).toMatchObject({
    endpoint: { state: 'closed' },
  });
});

test('a token that dies marks the connection; sends say so, and go on with another', async () => {
  await simulator('DELETE', '/_tokens', { access_token: account.access_token });
  const send = () => sendOtp(stack, { body: { to: '+15550100778', code: '1234' }, headers: { 'X-API-Key': key } });
  expect((await send()).body.code).toBe('whatsapp_error');
  const connection = () => owner('GET', `/whatsapp/connections/${connectionId}`);
  await eventually(connection, ({ body }) => JSON.stringify(body.token).includes('"dead"'));
  const refused = await send();
  expect([refused.status, refused.body.code]).toEqual([409, 'connection_token_invalid']);
  const lines = await itemsOf(stack, 'audit-log');
  expect(lines.filter(({ action }) => action === 'connection.token_invalid')).toHaveLength(1);

  const fresh = z
    .object({ access_token: z.string() })
    .parse(await simulator('POST', '/_tokens', { waba_id: account.waba_id }));
  account = { ...account, ...fresh };
  const { webhook_url, event_types } = (await connection()).body;
  const mended = await owner('POST', '/whatsapp/connections', { brand_id: brandId, ...account });
  const kept = { id: connectionId, webhook_url, event_types, default_otp_template: 'acme_otp', secret: null };
  expect([mended.status, mended.body]).toEqual([200, expect.objectContaining(kept)]);
  // At once, by containers that know the dead one.
  expect((await send()).status).toBe(200);
});

test('viewers look; what is of another organisation is not there', async () => {
  const viewer = await dashboardOf(stack, 'viewer@demo.example');
  expect((await viewer('GET', `/whatsapp/connections/${connectionId}`)).status).toBe(200);
  expect((await viewer('POST', '/whatsapp/connections', wishOf(account, brandId))).body.code).toBe('insufficient_role');
  const foreign = await addBrand(stack);
  const theirs = (await itemsOf(stack, 'connections')).find((row) => row.brandId === foreign.brandId);
  for (const [method, call, body] of [
    ['GET', `/whatsapp/connections/${theirs?.connectionId}`],
    ['PATCH', `/whatsapp/connections/${theirs?.connectionId}`, { webhook_url: null }],
    ['DELETE', `/whatsapp/connections/${theirs?.connectionId}`],
    ['POST', `/whatsapp/connections/${theirs?.connectionId}/rotate-secret`],
    ['GET', `/whatsapp/connections?brand_id=${foreign.brandId}`],
    ['GET', `/whatsapp/templates?brand_id=${foreign.brandId}`],
    ['POST', '/whatsapp/templates/sync', { brand_id: foreign.brandId }],
    ['POST', '/whatsapp/connections', wishOf(account, foreign.brandId)],
  ] as const) {
    expect([call, (await owner(method, call, body)).status]).toEqual([call, 404]);
  }
});

test('killed in the middle of connecting, and asked again: one connection', async () => {
  const other = await addAccount();
  const brand = String(await newBrand('Killed'));
  const wish = wishOf(other, brand);
  const breakpoint = { function: 'create-connection', containing: 'audit-log', write: 1, when: 'after' };
  await fetch(`${stack.control_url}/breakpoint`, { method: 'PUT', body: JSON.stringify(breakpoint) });
  const killed = owner('POST', '/whatsapp/connections', wish);
  const isHit = async () => (await (await fetch(`${stack.control_url}/breakpoint`)).json()) as { is_hit: boolean };
  await eventually(isHit, ({ is_hit }) => is_hit);
  await stack.control.kill('create-connection', 'running');
  await fetch(`${stack.control_url}/breakpoint`, { method: 'DELETE' });
  expect((await killed).status).toBe(503);
  const again = await owner('POST', '/whatsapp/connections', wish);
  expect([again.status, statusesOf(again.body.steps).every((status) => status === 'done')]).toEqual([201, true]);
  const rows = (await itemsOf(stack, 'connections')).filter(({ brandId: of }) => of === brand);
  expect(rows).toMatchObject([{ status: 'active' }]);
});

test('a deleted connection sends no more, and its app hears no more', async () => {
  const deleted = await owner('DELETE', `/whatsapp/connections/${connectionId}`);
  expect([deleted.status, ...statusesOf(deleted.body.steps)]).toEqual([200, 'done', 'done', 'done']);
  expect(await accountNow(account)).toMatchObject({ is_subscribed: false });
  await stack.control.kill('send-otp');
  const refused = await sendOtp(stack, { headers: { 'X-API-Key': key } });
  expect([refused.status, refused.body.code]).toEqual([404, 'connection_not_found']);
  expect((await owner('GET', `/whatsapp/connections/${connectionId}`)).body.status).toBe('disconnected');
});

test('neither tokens nor signing secrets are in any table or log', async () => {
  const logs = readdirSync(stack.logs).map((file) => readFileSync(path.join(stack.logs, file), 'utf8'));
  const rows = await Promise.all(Object.keys(stack.tables).map((table) => itemsOf(stack, table)));
  const all = JSON.stringify(rows) + logs.join('');
  for (const value of [secret, account.access_token]) expect(all.includes(value)).toBe(false);
  expect(all).not.toMatch(/whsec_[A-Za-z0-9+/]{20}|\bEAA[0-9A-Za-z]{20}/);
});
