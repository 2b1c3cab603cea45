import { hashApiKeySecret, type KeyMode, mintApiKey } from '../api-key.ts';
import type { ApiKey } from '../store/api-key-store.ts';

const HOUR_MS = 60 * 60 * 1000;
/** How long the old key goes on after a roll: contract §4. */
export const ROLL_GRACE_MS = { '0': 0, '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 7 * 24 * HOUR_MS } as const;
export type RollGrace = keyof typeof ROLL_GRACE_MS;
export const ROLL_GRACES = Object.keys(ROLL_GRACE_MS) as [RollGrace, ...RollGrace[]];

/** What whoever mints a key decides. */
export type KeyOrder = Pick<ApiKey, 'name' | 'scopes'> &
  Partial<Pick<ApiKey, 'brandId' | 'expiresAt' | 'requestsPerMinute' | 'otpCountries'>> & { mode: KeyMode };

/** `text` is the key itself: shown once, with `Cache-Control: no-store`, and nowhere kept. */
export type MintedKey = { key: ApiKey; text: string };

/** A key that nobody has stored yet. */
export function newKey(order: KeyOrder, pepper: { version: string; pepper: string }, nowMs: number): MintedKey {
  const { keyId, secret, text } = mintApiKey(order.mode);
  const key: ApiKey = {
    keyId,
    ...order,
    secretHash: hashApiKeySecret(secret, pepper.pepper),
    pepperVersion: pepper.version,
    createdAt: nowMs,
    expiresAt: order.expiresAt ?? null,
    revokedAt: null,
    lastUsedAt: null,
  };
  return { key, text };
}
