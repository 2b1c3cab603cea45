import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Now } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import { type Normalized, normalize } from '../../shared/events/normalize.ts';
import { keptUpdates } from '../../shared/events/normalize-context.ts';
import { packUpdates } from '../../shared/events/pack-updates.ts';
import { parseLossless } from '../../shared/meta/lossless-json.ts';
import type { QueueText } from '../../shared/queue.ts';

type Secret = { app_secret: string; verify_token: string };

type Deps = {
  secret: () => Promise<Secret>;
  /** Resolves when all are safely queued; throws otherwise. */
  enqueue: (messages: readonly QueueText[]) => Promise<void>;
  now: Now;
};

/** GET: Meta's handshake when the callback URL is set (meta-cloud-api §5.1). @returns the challenge, to be answered bare */
export const verifySubscription =
  ({ secret }: Pick<Deps, 'secret'>) =>
  async (query: Readonly<Record<string, string | undefined>>): Promise<string> => {
    const { verify_token } = await secret();
    const token = query['hub.verify_token'] ?? '';
    if (query['hub.mode'] !== 'subscribe' || !isSame(Buffer.from(token), Buffer.from(verify_token))) {
      throw new ApiError('forbidden', 'The verify token does not match.');
    }
    return query['hub.challenge'] ?? '';
  };

/**
 * POST: verifies over the raw bytes, normalizes, and resolves once everything is queued. Whatever else is wrong with
 * the body, Meta gets its 200: it would only send the same again for seven days.
 * @throws ApiError 401 for a wrong signature; any other error means "not queued" and must become a 5xx, so that Meta tries again
 */
export const receiveMetaWebhook =
  ({ secret, enqueue, now }: Deps) =>
  async (rawBody: Buffer, signature: string): Promise<Normalized> => {
    const { app_secret } = await secret();
    const expected = `sha256=${createHmac('sha256', app_secret).update(rawBody).digest('hex')}`;
    if (!isSame(Buffer.from(signature), Buffer.from(expected))) {
      throw new ApiError('invalid_signature', 'X-Hub-Signature-256 does not match the body.');
    }
    const receivedAt = now();
    const normalized = read(rawBody, receivedAt);
    if (normalized.updates.length > 0) await enqueue(packUpdates(normalized.updates, receivedAt));
    return normalized;
  };

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** What is no JSON, or nested deeper than its parts can be written, is kept as it is. */
function read(rawBody: Buffer, receivedAt: number): Normalized {
  const text = rawBody.toString('utf8');
  const about = { phone_number_id: null, waba_id: null, field: 'body', reason: 'unreadable' as const, receivedAt };
  const whole = () => keptUpdates(text, about);
  const body = parse(text);
  if (body === undefined) return { updates: whole(), skipped: ['body.unreadable'], isBodyNeeded: true };
  const normalized = normalize(body, receivedAt);
  if (normalized.isBodyNeeded) normalized.updates.push(...whole());
  return normalized;
}

function parse(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}
