import { createHmac, timingSafeEqual } from 'node:crypto';

/** rawBody: the body as it came, before JSON.parse. headers: with small letters, as Node has them. */
export function isFromQuixess(rawBody, headers, secret, nowSeconds = Date.now() / 1000) {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const age = Math.abs(nowSeconds - Number(timestamp || Number.NaN));
  if (!(age <= 300)) return false; // an old request, played again

  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${rawBody}`).digest();

  // Two signatures while a secret rotates: one that fits is enough.
  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
