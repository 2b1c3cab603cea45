import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../shared/errors.ts';
import type { InboundUpdate } from '../../shared/events/inbound-update.ts';
import { type Normalized, normalize } from '../../shared/events/normalize.ts';
import { parseLossless } from '../../shared/meta/lossless-json.ts';

type Secret = { app_secret: string; verify_token: string };

type Deps = {
  secret: () => Promise<Secret>;
  /** Resolves when all are safely queued; throws otherwise. */
  enqueue: (updates: readonly InboundUpdate[]) => Promise<void>;
};

/** GET: Meta's handshake when the callback URL is set (meta-cloud-api §5.1). @returns the challenge, to be answered bare */
export const verifySubscription =
  ({ secret }: Deps) =>
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
  ({ secret, enqueue }: Deps) =>
  async (rawBody: Buffer, signature: string): Promise<Normalized> => {
    const { app_secret } = await secret();
    const expected = `sha256=${createHmac('sha256', app_secret).update(rawBody).digest('hex')}`;
    if (!isSame(Buffer.from(signature), Buffer.from(expected))) {
      throw new ApiError('invalid_signature', 'X-Hub-Signature-256 does not match the body.');
    }
    const normalized = normalize(parse(rawBody));
    if (normalized.updates.length > 0) await enqueue(normalized.updates);
    return normalized;
  };

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

function parse(rawBody: Buffer): unknown {
  try {
    return parseLossless(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}
