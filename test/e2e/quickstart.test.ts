import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { itemsOf, OTP_BODY, sendOtp } from '../support/tenant.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

const received = (event_type: string) => stack.receiver.received({ event_type });

test("the product page's request sends, and its events arrive within two seconds, verified by a foreign library", async () => {
  const answer = await sendOtp(stack, { headers: { 'Idempotency-Key': '7c4a8d09-ca37-4d1b-a5b3-9f8e2c1d4e6f' } });
  const answeredAt = Date.now();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('x-request-id')).toBeTruthy();
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^msg_[0-9A-Z]{26}$/),
    wa_message_id: expect.stringMatching(/^wamid\./),
    status: 'accepted',
    to: '12818184370',
    type: 'template',
    template: { name: 'signup_otp', language: 'en_US' },
    reference: null,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });

  for (const type of ['message.sent', 'message.delivered']) {
    const [event] = await eventually(
      () => received(type),
      (found) => found.length === 1,
      2000,
    );
    expect(event?.signature_valid).toBe(true);
    expect(event?.headers).toMatchObject({ 'x-quixess-event-type': type, 'x-quixess-attempt': '1' });
    const verified = new Webhook(stack.tenant_secret).verify(event?.body ?? '', event?.headers ?? {});
    expect(verified).toMatchObject({
      type,
      brand_id: stack.brand_id,
      data: { message_id: answer.body.id, wa_message_id: answer.body.wa_message_id, reference: null },
    });
  }
  expect(Date.now() - answeredAt).toBeLessThan(2000);
});

test("an inbound text arrives as the product page's sample, field by field", async () => {
  await stack.simulator.inbound({ from: '15550101234', name: 'Frank', type: 'text', text: { body: 'Hi there' } });
  const [event] = await eventually(
    () => received('message.received'),
    (found) => found.length === 1,
  );
  const body = JSON.parse(event?.body ?? '');
  expect(Object.keys(body)).toEqual(['id', 'type', 'version', 'occurred_at', 'delivered_at', 'brand_id', 'data']);
  expect(body).toMatchObject({
    id: expect.stringMatching(/^evt_[0-9A-Z]{26}$/),
    type: 'message.received',
    version: '1',
    occurred_at: expect.stringMatching(/Z$/),
    delivered_at: expect.stringMatching(/Z$/),
    brand_id: stack.brand_id,
    data: {
      wa_message_id: expect.stringMatching(/^wamid\./),
      from: { phone: '15550101234', name: 'Frank' },
      to: { phone_number_id: stack.meta.phone_number_id, waba_id: stack.meta.waba_id },
      type: 'text',
      content: { body: 'Hi there' },
      reply_to: null,
    },
  });
  expect(event?.headers['x-quixess-event-id']).toBe(body.id);
});

/** Which events a message has made: type and id. A tenant may get one of them twice, under the same id. */
async function eventsOf(messageId: unknown): Promise<string[]> {
  const all = (await stack.receiver.received()).map(({ body }) => JSON.parse(body));
  const own = all.filter(({ data }) => data.message_id === messageId);
  return [...new Set(own.map(({ type, id }) => `${type} ${id}`))].map((event) => event.split(' ')[0] ?? '').sort();
}

test('statuses that come twice, or in the wrong order, make one event each', async () => {
  const twice = await sendOtp(stack, { body: { ...OTP_BODY, to: '+15550107002' } });
  const backwards = await sendOtp(stack, { body: { ...OTP_BODY, to: '+15550107003' } });
  await eventually(
    () => eventsOf(backwards.body.id),
    (types) => types.join() === 'message.delivered,message.read,message.sent',
  );
  await eventually(
    () => eventsOf(twice.body.id),
    (types) => types.join() === 'message.delivered,message.sent',
  );
});

test("Meta's handshake gets its challenge back, and a wrong signature 401", async () => {
  const verify = await fetch(`${stack.meta_simulator_url}/_verify`, { method: 'POST' });
  expect(await verify.json()).toMatchObject({ is_verified: true });
  const forged = await fetch(`${stack.meta_simulator_url}/_webhook`, {
    method: 'POST',
    headers: { 'x-sign': 'bad' },
    body: '{"entry":[]}',
  });
  expect(await forged.json()).toMatchObject({ status: 401 });
});

test('the code is in no table', async () => {
  await sendOtp(stack, { body: { ...OTP_BODY, code: 'Zq7Zq7Zq7' } });
  for (const table of Object.keys(stack.tables)) {
    expect(JSON.stringify(await itemsOf(stack, table))).not.toContain('Zq7Zq7Zq7');
  }
});
