import { hashApiKeySecret, type KeyMode, mintApiKey } from '../api-key.ts';
import type { Now } from '../clock.ts';
import { SCOPES, type Scope } from '../scopes.ts';
import type { ApiKey, ApiKeyStore } from '../store/api-key-store.ts';
import { isAlive } from './key-end.ts';

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

type Deps = {
  keys: ApiKeyStore;
  pepper: () => Promise<{ version: string; pepper: string }>;
  /** Makes the gateway forget what it remembers of keys: what was changed holds at once, not within 60 s. */
  flush: () => Promise<void>;
  now: Now;
};

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

/**
 * The life of API keys beneath the dashboard: contract §4. Changes hold within 60 s, the gateway's cache; with `flush`
 * at once. The brand of a key never changes.
 */
export function keyLifecycle({ keys, pepper, flush, now }: Deps) {
  const mint = async (order: KeyOrder): Promise<MintedKey> => {
    const { key, text } = newKey(order, await pepper(), now());
    // 71 bits of id: one that is taken is a broken source of random numbers.
    if (!(await keys.insert(key))) throw new Error('The id of a new key is taken');
    return { key, text };
  };

  /** Reads and writes until nobody is in between. @returns the scopes as they are now, null when the key is over */
  const rescope = async (keyId: string, change: (scopes: readonly Scope[]) => Scope[]): Promise<Scope[] | null> => {
    for (;;) {
      const key = await keys.get(keyId);
      // One that is rolled and goes on for a while is changed no more.
      if (!key || key.revokedAt !== null || !isAlive(key, now())) return null;
      const scopes = change(key.scopes);
      if (await keys.setScopes(key, scopes)) return scopes;
    }
  };

  return {
    mint,
    /** Gives a key more scopes. */
    extend: (keyId: string, more: readonly Scope[]) =>
      rescope(keyId, (scopes) => SCOPES.filter((scope) => scopes.includes(scope) || more.includes(scope))),
    /** Takes scopes from a key. */
    narrow: (keyId: string, less: readonly Scope[]) =>
      rescope(keyId, (scopes) => scopes.filter((scope) => !less.includes(scope))),
    /** Ends a key at a time to come, or never. @returns false when it is over */
    expire: (keyId: string, at: number | null): Promise<boolean> => keys.setExpiry(keyId, at, now()),

    /**
     * A new key with the same rights; the old one goes on for the grace.
     * @returns null when the old one is over
     */
    async roll(keyId: string, grace: RollGrace): Promise<MintedKey | null> {
      const old = await keys.get(keyId);
      if (!old || old.revokedAt !== null || !isAlive(old, now())) return null;
      const { name, scopes, mode, brandId, expiresAt, requestsPerMinute, otpCountries } = old;
      const minted = await mint({ name, scopes, mode, brandId, expiresAt, requestsPerMinute, otpCountries });
      await keys.revoke(keyId, now() + ROLL_GRACE_MS[grace], 'rolled', minted.key.keyId);
      return minted;
    },

    /** @returns false when it was over already */
    revoke: (keyId: string): Promise<boolean> => keys.revoke(keyId, now(), 'by_hand'),

    /** Revokes, and makes the gateway forget: for a key that somebody is using right now who should not. */
    async revokeAtOnce(keyId: string, because: 'by_hand' | 'leaked' = 'leaked'): Promise<boolean> {
      const isNews = await keys.revoke(keyId, now(), because);
      await flush();
      return isNews;
    },
  };
}
