import { createHmac } from 'node:crypto';
import { toSeconds } from '../clock.ts';
import type { TenantEvent } from '../events/envelope.ts';

const SECRET_PREFIX = 'whsec_';

type Attempt = {
  event: Pick<TenantEvent, 'id' | 'type'>;
  body: string;
  /** Counted from 1. */
  number: number;
  at: number;
  isReplay: boolean;
};

/**
 * The headers of one attempt: ours, and beside them those of Standard Webhooks, so that any of its libraries verifies too.
 * The key of `X-Quixess-Signature-256` is the secret exactly as shown, prefix included; the key of `webhook-signature`
 * is the decoded bytes, as the standard says. Contract §6; https://www.standardwebhooks.com, "Signature scheme".
 * @param secrets the first signs ours, all of them sign the standard's (two while rotating)
 */
export function signedHeaders({ event, body, number, at, isReplay }: Attempt, secrets: readonly string[]) {
  const timestamp = String(toSeconds(at));
  const [primary = ''] = secrets;
  const content = `${event.id}.${timestamp}.${body}`;
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Quixess-Webhooks/1',
    'X-Quixess-Event-Id': event.id,
    'X-Quixess-Event-Type': event.type,
    'X-Quixess-Signature-256': `sha256=${createHmac('sha256', primary).update(body).digest('hex')}`,
    'X-Quixess-Attempt': String(number),
    ...(isReplay ? { 'X-Quixess-Replay': 'true' } : {}),
    'webhook-id': event.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${standardSignature(secret, content)}`).join(' '),
  };
}

const standardSignature = (secret: string, content: string): string =>
  createHmac('sha256', Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64'))
    .update(content)
    .digest('base64');
