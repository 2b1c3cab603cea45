import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import type { ConnectionSecret } from '../../../shared/secrets.ts';
import { liveSecrets, promoteSecret, rotateSecret } from '../../../shared/webhooks/secret-rotation.ts';
import { signedHeaders } from '../../../shared/webhooks/signing.ts';
import { webhookVectors } from '../../support/webhook-vectors.ts';

const text = readFileSync('docs/webhook-vectors.json', 'utf8');
const Vectors = z.object({
  vectors: z.array(
    z.object({
      name: z.string(),
      secrets: z.array(z.string()),
      body: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
  ),
});
const { vectors } = Vectors.parse(JSON.parse(text));

test('the published vectors are what we sign; if not: node test/support/webhook-vectors.ts', () => {
  expect(JSON.parse(text)).toEqual(webhookVectors());
});

test.each(vectors.map((vector) => [vector.name, vector] as const))(
  '%s: verified as the docs say, by our own hands',
  (_name, { secrets, body, headers }) => {
    const [primary = ''] = secrets;
    expect(headers['X-Quixess-Signature-256']).toBe(
      `sha256=${createHmac('sha256', primary).update(body).digest('hex')}`,
    );
    const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const expected = secrets.map(
      (secret) =>
        `v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
          .update(content)
          .digest('base64')}`,
    );
    expect(headers['webhook-signature']?.split(' ')).toEqual(expected);
  },
);

const [OLD = '', NEW = ''] = vectors.find(({ secrets }) => secrets.length === 2)?.secrets ?? [];

/** Knows one secret and looks at one header, strictly. */
const strict = (secret: string, headers: Record<string, string>, body: string) =>
  headers['X-Quixess-Signature-256'] === `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const standard = (secret: string, headers: Record<string, string>, body: string) => {
  try {
    return new Webhook(secret).verify(body, headers) !== undefined;
  } catch {
    return false;
  }
};

test.each([
  ['promoted by hand after an hour', 1],
  ['promoted by itself after a day', 24],
])('a rotation %s refuses not one event of three days', (_case, promotedAfterHours) => {
  const HOUR = 3_600_000;
  const START = 1_800_000_000_000;
  let secret: ConnectionSecret = { access_token: 'token', signing_secrets: [OLD] };
  const refused: string[] = [];
  const body = '{"id":"evt_1"}';
  for (let hour = 0; hour < 72; hour += 0.5) {
    const now = START + hour * HOUR;
    if (hour === 2) secret = rotateSecret(secret, NEW, now);
    if (hour === 2 + promotedAfterHours && promotedAfterHours < 24)
      secret = promoteSecret(promoteSecret(secret, now), now);
    const event = { id: 'evt_1', type: 'message.received' as const };
    const headers: Record<string, string> = signedHeaders(
      { event, body, number: 1, at: Date.now(), isReplay: false },
      liveSecrets(secret, now),
    );
    // The strict one looks at the single header and changes its secret at the promotion.
    if (!strict(now < (secret.promoted_at ?? START + 26 * HOUR) ? OLD : NEW, headers, body))
      refused.push(`strict at ${hour}`);
    // The others change at any time of the window.
    const window = [OLD, NEW].filter((one) => (one === OLD ? hour < 26 : hour >= 2));
    for (const one of window) if (!standard(one, headers, body)) refused.push(`standard at ${hour}`);
  }
  expect(refused).toEqual([]);
  expect(liveSecrets(secret, START + 72 * HOUR)).toEqual([NEW]);
});

test('a rotation begun again keeps the secret that signs: never more than two are live', () => {
  const first = rotateSecret({ access_token: 'token', signing_secrets: [OLD] }, 'whsec_a', 0);
  expect(rotateSecret(first, 'whsec_b', 1000).signing_secrets).toEqual([OLD, 'whsec_b']);
  const promoted = promoteSecret(first, 1000);
  // Every container has heard of it by then.
  expect(liveSecrets(promoted, 60_999)).toEqual([OLD, 'whsec_a']);
  expect(liveSecrets(promoted, 61_000)).toEqual(['whsec_a', OLD]);
  expect(rotateSecret(promoted, 'whsec_c', 62_000).signing_secrets).toEqual(['whsec_a', 'whsec_c']);
});
