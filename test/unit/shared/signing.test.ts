import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signedHeaders } from '../../../shared/webhooks/signing.ts';

const OLD = `whsec_${Buffer.from('o'.repeat(32)).toString('base64')}`;
const NEW = `whsec_${Buffer.from('n'.repeat(32)).toString('base64')}`;
const body = '{"id":"evt_1"}';
const event = { id: 'evt_1', type: 'message.received' as const };
const sign = (secrets: string[], isReplay = false) =>
  signedHeaders({ event, body, number: 3, at: Date.now(), isReplay }, secrets);

test('X-Quixess-Signature-256 is what a tenant computes by pasting the secret into createHmac', () => {
  const expected = createHmac('sha256', OLD).update(body).digest('hex');
  expect(sign([OLD])['X-Quixess-Signature-256']).toBe(`sha256=${expected}`);
});

test('while rotating, the first secret signs ours and both sign the standard one', () => {
  const headers = sign([OLD, NEW]);
  expect(headers['X-Quixess-Signature-256']).toBe(sign([OLD])['X-Quixess-Signature-256']);
  for (const secret of [OLD, NEW]) expect(new Webhook(secret).verify(body, headers)).toEqual({ id: 'evt_1' });
});

test('a library of the standard refuses another secret and another body', () => {
  expect(() => new Webhook(NEW).verify(body, sign([OLD]))).toThrow();
  expect(() => new Webhook(OLD).verify('{}', sign([OLD]))).toThrow();
});

test('attempt and replay are told', () => {
  expect(sign([OLD])).toMatchObject({ 'X-Quixess-Attempt': '3', 'X-Quixess-Event-Type': 'message.received' });
  expect(sign([OLD])).not.toHaveProperty('X-Quixess-Replay');
  expect(sign([OLD], true)).toHaveProperty('X-Quixess-Replay', 'true');
});
