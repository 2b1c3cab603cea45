import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import * as z from 'zod';
import { admin } from '../support/admin.ts';
import { dashboardOf } from '../support/dashboard.ts';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { itemsOf, sendOtp } from '../support/tenant.ts';

jest.setTimeout(120_000);

/** What Meta gives a business: its account, a number of it, and a token. */
const MetaAccount = z.object({ waba_id: z.string(), phone_number_id: z.string(), access_token: z.string() });

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack({ scale: 10, isEmpty: true });
});
afterAll(() => stack.stop());

/** The page "From nothing to the first event" of docs/dashboard-api.md, step by step. */
test('organisation → brand → number → template → key → one-time password → signed event', async () => {
  for (const table of ['organisations', 'members', 'brands', 'connections', 'templates', 'api-keys'])
    expect(await itemsOf(stack, table)).toEqual([]);

  const organisation = await admin(stack, 'organisation', 'create', 'Acme', 'owner@acme.example');
  const owner = await dashboardOf(stack, 'owner@acme.example');
  expect((await owner('GET', '/me')).body).toMatchObject({
    role: 'owner',
    organisation: { id: organisation.organisation_id, name: 'Acme' },
  });
  const brand = await owner('POST', '/brands', { name: 'Acme Pizza' });
  expect(brand.status).toBe(201);
  const brand_id = String(brand.body.id);

  const account = MetaAccount.parse(
    await (
      await fetch(`${stack.meta_simulator_url}/_accounts`, { method: 'POST', body: JSON.stringify({ is_bare: true }) })
    ).json(),
  );
  const webhook_url = `${stack.tenant_receiver_url}/webhooks/acme`;
  const connection = await owner('POST', '/whatsapp/connections', { brand_id, ...account, webhook_url });
  expect([connection.status, connection.body.status]).toEqual([201, 'active']);
  const secret = String(connection.body.secret);

  const otp = { kind: 'otp', name: 'acme_otp', language: 'en_US', code_expiration_minutes: 10 };
  const submitted = await owner('POST', '/whatsapp/templates', { brand_id, ...otp });
  expect([submitted.status, submitted.body.status]).toEqual([201, 'PENDING']);
  await eventually(
    () => owner('GET', `/whatsapp/templates?brand_id=${brand_id}&name=acme_otp`),
    ({ text }) => text.includes('"status":"APPROVED"'),
  );

  const key = await owner('POST', '/api-keys', { brand_id, name: 'Sign-up', scopes: ['whatsapp:send_otp'] });
  expect(key.status).toBe(201);
  const sent = await sendOtp(stack, {
    body: { to: '+15550100123', code: '482913', template_name: 'acme_otp' },
    headers: { 'X-API-Key': String(key.body.secret) },
  });
  expect([sent.status, sent.body.status]).toEqual([200, 'accepted']);

  const [delivered] = await eventually(
    () => stack.receiver.received({ event_type: 'message.delivered' }),
    (all) => all.length > 0,
  );
  const body = delivered?.body ?? '';
  expect(JSON.parse(body)).toMatchObject({ brand_id, data: { message_id: sent.body.id } });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  expect(delivered?.headers['x-quixess-signature-256']).toBe(`sha256=${signature}`);
  expect(connection.text).not.toContain(account.access_token);
});
