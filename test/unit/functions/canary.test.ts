import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { receiveCanaryEvent } from '../../../functions/receive-canary-event/receive-canary-event.ts';
import { runCanary } from '../../../functions/run-canary/run-canary.ts';
import { parseApiKey } from '../../../shared/api-key.ts';
import { ConnectionSecret } from '../../../shared/secrets.ts';
import type { ApiKey } from '../../../shared/store/api-key-store.ts';

/** A world in which what was sent comes back after so many looks; never, where absent. */
function world({ status = 200, comesBackAfter }: { status?: number; comesBackAfter?: number }) {
  let now = 1_760_000_000_000;
  let secret: unknown = { access_token: 'canary', generated: 'x' };
  let sentAt = 0;
  let looks = 0;
  const keys = new Map<string, ApiKey>();
  const sent: string[] = [];
  const run = runCanary({
    readSecret: async () => secret,
    writeSecret: async (value) => {
      secret = value;
    },
    connect: async () => undefined,
    hash: async () => ({ secretHash: 'hash', pepperVersion: '1' }),
    insertKey: async (key) => keys.set(key.keyId, key),
    removeKey: async (keyId) => void keys.delete(keyId),
    send: async (apiKey, reference) => {
      sent.push(apiKey);
      sentAt = Number(reference);
      return status;
    },
    arrivedUntil: async () => (comesBackAfter !== undefined && ++looks > comesBackAfter ? sentAt : null),
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  });
  return { run, keys, sent, secret: () => secret };
}

test('sends with a sandbox key of its own, which is gone afterwards, and says how long the event took', async () => {
  const { run, keys, sent, secret } = world({ comesBackAfter: 3 });
  expect(await run()).toBe(1500);
  expect(sent.map((key) => parseApiKey(key)?.mode)).toEqual(['test']);
  expect(keys.size).toBe(0);
  expect(ConnectionSecret.safeParse(secret()).success).toBe(true);
});

test.each([
  [{ status: 503 }, /answered 503/],
  [{}, /did not come back/],
])('%j fails the run, and its key is gone too', async (how, message) => {
  const { run, keys } = world(how);
  await expect(run()).rejects.toThrow(message);
  expect(keys.size).toBe(0);
});

const secret = { access_token: 'canary', signing_secrets: ['whsec_AAAA'] };
const signed = (body: string, key = 'whsec_AAAA') => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
const event = JSON.stringify({ type: 'message.delivered', data: { reference: '1760000000000' } });

test('its endpoint takes what we signed, and nothing else', async () => {
  const arrived: number[] = [];
  const receive = receiveCanaryEvent({ secret: async () => secret, arrived: async (at) => arrived.push(at) });
  await receive(event, signed(event));
  expect(arrived).toEqual([1_760_000_000_000]);
  await expect(receive(event, signed(event, 'whsec_BBBB'))).rejects.toMatchObject({ code: 'invalid_signature' });
  await expect(receive(`${event} `, signed(event))).rejects.toMatchObject({ code: 'invalid_signature' });
  const other = JSON.stringify({ type: 'message.sent', data: { reference: '1760000000001' } });
  await receive(other, signed(other));
  expect(arrived).toHaveLength(1);
});
