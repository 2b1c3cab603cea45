import type { ApiKey } from '../store/api-key-store.ts';

/** When a key ends, as far as is known: it expires, or what it was rolled to takes over. Epoch milliseconds. */
export function endOf({ revokedAt, expiresAt }: ApiKey): number | null {
  const ends = [revokedAt, expiresAt].filter((at) => at !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Whether a key may be used. */
export const isAlive = (key: ApiKey, nowMs: number): boolean =>
  key.suspendedAt === undefined && (endOf(key) ?? Number.POSITIVE_INFINITY) > nowMs;
