import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import * as z from 'zod';
import { type Dashboard, dashboardOf } from '../support/dashboard.ts';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { metaWebhooks, textTo } from '../support/meta-webhooks.ts';
import { itemsOf, sendOtp, withTables } from '../support/tenant.ts';

// What the policies let the dashboard's functions do, and no other test makes each of them do: `npm run grants`.

jest.setTimeout(60_000);

const Account = z.object({ waba_id: z.string(), phone_number_id: z.string(), access_token: z.string() });
type Account = z.output<typeof Account>;

let stack: RunningStack;
let owner: Dashboard;
beforeAll(async () => {
  stack = await startStack();
  owner = await dashboardOf(stack, 'owner@demo.example');
}, 120_000);
afterAll(() => stack?.stop());

const simulator = async (method: string, call: string, body: object): Promise<unknown> =>
  (await fetch(`${stack.meta_simulator_url}${call}`, { method, body: JSON.stringify(body) })).json();
const addAccount = async (wish: object = {}) => Account.parse(await simulator('POST', '/_accounts', wish));
/** The business's own doing, past us. */
const graph = (method: string, call: string, { access_token }: Account, body?: object) =>
  fetch(`${stack.meta_simulator_url}/v26.0${call}`, {
    method,
    headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const newBrand = async (name: string) => String((await owner('POST', '/brands', { name })).body.id);
const connect = (account: Account, brand_id: string, change: object = {}) =>
  owner('POST', '/whatsapp/connections', {
    brand_id,
    ...account,
    webhook_url: `${stack.tenant_receiver_url}/webhooks/acme`,
    ...change,
  });
const ofDemo = () => `brand_id=${stack.brand_id}`;
const demoConnection = async () => String((await owner('GET', `/whatsapp/connections?${ofDemo()}`)).body.data[0]?.id);
const stateOf = async (connectionId: string) =>
  (await itemsOf(stack, 'endpoints')).find((row) => row.connectionId === connectionId)?.state;

test('people, brands and templates are made once under one key, and changed', async () => {
  const template = {
    ...{ brand_id: stack.brand_id, kind: 'otp', name: 'rights_otp', language: 'en_US' },
    code_expiration_minutes: 10,
  };
  for (const [call, body] of [
    ['/brands', { name: 'Once' }],
    ['/members', { email: 'once@demo.example', role: 'owner' }],
    ['/whatsapp/templates', template],
  ] as const) {
    const made = await owner('POST', call, body, { 'Idempotency-Key': 'once' });
    const again = await owner('POST', call, body, { 'Idempotency-Key': 'once' });
    expect([call, made.status, again.headers.get('idempotency-replayed'), again.body.id]).toEqual([
      call,
      201,
      'true',
      made.body.id,
    ]);
  }
  expect((await owner('PATCH', `/brands/${stack.brand_id}`, { name: 'Renamed' })).body.name).toBe('Renamed');
  const { data } = (await owner('GET', '/members')).body;
  const other = data.find(({ email }: { email: string }) => email === 'developer@demo.example');
  for (const role of ['owner', 'developer']) {
    expect((await owner('PATCH', `/members/${other.id}`, { role })).body.role).toBe(role);
  }
});

test('a conversation, its messages and a message are found in each way', async () => {
  const { wamid } = (await stack.simulator.inbound({
    ...{ from: '15550106201', name: 'Frank', type: 'text', text: { body: 'Hi' } },
  })) as { wamid: string };
  await eventually(stack.receiver.received, (all) => all.length > 0);
  expect((await owner('GET', `/whatsapp/messages/${wamid}?${ofDemo()}`)).body.wa_message_id).toBe(wamid);
  const { data } = (await owner('GET', `/whatsapp/conversations?${ofDemo()}&contact=15550106201`)).body;
  const [{ id }] = data;
  for (const call of [`/whatsapp/conversations/${id}/messages?`, `/whatsapp/messages?conversation_id=${id}&`]) {
    expect((await owner('GET', `${call}${ofDemo()}`)).body.data).toHaveLength(1);
  }
});

test('an event is replayed, and a recovery begun, listed and cancelled', async () => {
  const [event] = (await owner('GET', `/webhooks/events?${ofDemo()}`)).body.data;
  expect((await owner('POST', `/webhooks/events/${event.id}/replay?${ofDemo()}`)).status).toBe(202);
  for (let sent = 0; sent < 5; sent += 1) await sendOtp(stack);
  await eventually(
    () => stack.receiver.received({ event_type: 'message.delivered' }),
    (all) => all.length >= 5,
  );
  const filter = { brand_id: stack.brand_id, statuses: ['delivered'], rate_per_second: 1 };
  const begun = await owner('POST', '/webhooks/recoveries', filter);
  expect([begun.status, begun.body.status]).toEqual([202, 'running']);
  const cancel = () => owner('POST', `/webhooks/recoveries/${begun.body.id}/cancel?${ofDemo()}`);
  expect([(await cancel()).status, (await cancel()).status]).toEqual([200, 200]);
  const lines = (await owner('GET', `/audit-log?action=recovery.cancelled`)).body.data;
  expect(lines).toMatchObject([{ target: { id: begun.body.id }, after: { status: 'cancelled' } }]);
  const { data } = (await owner('GET', `/webhooks/recoveries?${ofDemo()}`)).body;
  expect(data).toMatchObject([{ id: begun.body.id, status: 'cancelled' }]);
});

test('a signing secret is rotated once under one key, and an endpoint tried once', async () => {
  const id = await demoConnection();
  for (const call of ['rotate-secret', 'test']) {
    const key = { 'Idempotency-Key': `rights-${call}` };
    const ask = () => owner('POST', `/whatsapp/connections/${id}/${call}`, undefined, key);
    const [made, again] = [await ask(), await ask()];
    expect([call, made.status < 300, again.headers.get('idempotency-replayed')]).toEqual([call, true, 'true']);
  }
});

test('an endpoint that is gone is enabled, by hand and by another address', async () => {
  const id = await demoConnection();
  const disable = async () => {
    await stack.control.advance(3); // until every container has seen it enabled: a 410 of before counts for nothing
    await stack.receiver.behave({ mode: 'status', status: 410 });
    await stack.simulator.inbound({ from: '15550106202', type: 'text', text: { body: 'Hi' } });
    await eventually(
      () => stateOf(id),
      (state) => state === 'disabled',
    );
    await stack.receiver.behave({ mode: 'ok' });
  };
  await disable();
  const enabled = await owner('POST', `/whatsapp/connections/${id}/enable`, {});
  expect(enabled.body).toMatchObject({ endpoint: { state: 'closed' } });
  await disable();
  const webhook_url = `${stack.tenant_receiver_url}/webhooks/elsewhere`;
  expect((await owner('PATCH', `/whatsapp/connections/${id}`, { webhook_url })).status).toBe(200);
  expect(await stateOf(id)).toBe('closed');
});

test('a number goes and comes back: its secret, its endpoint, and what Meta has of its templates', async () => {
  const account = await addAccount();
  const brandId = await newBrand('Back again');
  const { phone_number_id, waba_id } = account;
  const webhooks = metaWebhooks(stack);
  await webhooks.post(webhooks.bodyOf([textTo(phone_number_id, 'wamid.beforeitwasconnected')]));
  await eventually(
    () => itemsOf(stack, 'meta-updates'),
    (all) => JSON.stringify(all).includes('wamid.beforeitwasconnected'),
  );
  const made = await connect(account, brandId);
  expect(made.status).toBe(201);
  await eventually(stack.receiver.received, (all) =>
    all.some(({ body }) => body.includes('wamid.beforeitwasconnected')),
  );
  const check = { brand_id: brandId, ...account, webhook_url: `${stack.tenant_receiver_url}/webhooks/acme` };
  expect((await owner('POST', '/whatsapp/connections/check', check)).status).toBe(200);

  // One more template goes at Meta before each of the three ways of asking for what there is.
  const names = async () =>
    (await itemsOf(stack, 'templates')).filter((row) => row.wabaId === waba_id).map(({ name }) => String(name));
  const drop = async () => {
    const [name = ''] = await names();
    const gone = await graph('DELETE', `/${waba_id}/message_templates?name=${name}`, account);
    expect([name, gone.status]).toEqual([expect.stringMatching(/./), 200]);
    return name;
  };
  const byHand = await drop();
  await owner('POST', '/whatsapp/templates/sync', { brand_id: brandId });
  expect(await names()).not.toContain(byHand);

  await stack.receiver.behave({ mode: 'status', status: 410 });
  await owner('POST', `/whatsapp/connections/${made.body.id}/test`);
  await eventually(
    () => stateOf(String(made.body.id)),
    (state) => state === 'disabled',
  );
  await stack.receiver.behave({ mode: 'ok' });
  expect((await owner('DELETE', `/whatsapp/connections/${made.body.id}`)).status).toBe(200);
  const whileGone = await drop();
  const again = await connect(account, brandId);
  expect([again.status, again.body.id]).toEqual([201, made.body.id]);
  expect(again.body.secret).not.toBe(made.body.secret);
  expect([await stateOf(String(made.body.id)), await names()]).toEqual([
    'closed',
    expect.not.arrayContaining([whileGone]),
  ]);
});

test('what Meta refuses is not there: a template of a name it has, which we have not heard of', async () => {
  const account = await addAccount({ is_bare: true });
  const brandId = await newBrand('Refused');
  await connect(account, brandId);
  const draft = { kind: 'otp', name: 'made_elsewhere', language: 'en_US', code_expiration_minutes: 10 };
  const components = [
    { type: 'BODY', add_security_recommendation: true },
    { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
  ];
  const theirs = { name: draft.name, language: draft.language, category: 'AUTHENTICATION', components };
  expect((await graph('POST', `/${account.waba_id}/message_templates`, account, theirs)).status).toBe(200);
  const refused = await owner('POST', '/whatsapp/templates', { brand_id: brandId, ...draft });
  expect(refused.status).toBeGreaterThanOrEqual(400);
});

test('who loses the race for a number leaves nothing behind', async () => {
  const account = await addAccount({ is_bare: true });
  const brandId = await newBrand('Too late');
  // What the other's transaction wrote, seen only by ours: what is asked before it finds the number free.
  const claim = {
    claim: `number#${account.phone_number_id}`,
    connectionId: 'con_faster',
    brandId,
    organisationId: 'org_x',
  };
  await withTables(stack, (client) => client.send(new PutCommand({ TableName: stack.tables.claims, Item: claim })));
  const refused = await connect(account, brandId);
  expect([refused.status, refused.body.code]).toEqual([409, 'number_taken']);
  expect((await itemsOf(stack, 'connections')).filter((row) => row.brandId === brandId)).toEqual([]);
  const accounts = (await (await fetch(`${stack.meta_simulator_url}/_accounts`)).json()) as Record<string, unknown>[];
  expect(accounts.find(({ waba_id }) => waba_id === account.waba_id)).toMatchObject({ is_subscribed: false });
});

test('by the clock: a template that went at Meta, and a token that ends', async () => {
  const account = await addAccount();
  const token = Account.pick({ access_token: true }).parse(
    await simulator('POST', '/_tokens', { waba_id: account.waba_id, expires_in_seconds: 20 * 24 * 3600 }),
  );
  const brandId = await newBrand('By the clock');
  expect((await connect({ ...account, ...token }, brandId)).status).toBe(201);
  const names = async () =>
    (await itemsOf(stack, 'templates')).filter((row) => row.wabaId === account.waba_id).map(({ name }) => name);
  expect(await names()).toContain('flash_sale');
  await graph('DELETE', `/${account.waba_id}/message_templates?name=flash_sale`, account);
  await stack.control.advance(8 * 24 * 3600);
  // Who was signed in is not any more.
  owner = await dashboardOf(stack, 'owner@demo.example');
  await eventually(names, (all) => all.length > 0 && !all.includes('flash_sale'));
  await eventually(
    () => owner('GET', `/whatsapp/connections?brand_id=${brandId}`),
    ({ text }) => text.includes('"state":"expiring"'),
  );
});
