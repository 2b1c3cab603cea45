import type { ApiKey } from '../../api/types.ts';

const SOON_MS = 14 * 24 * 60 * 60 * 1000;

export type KeyState = 'active' | 'expiring' | 'expired' | 'revoked';

export function keyState({ revoked_at, expires_at }: ApiKey, nowMs = Date.now()): KeyState {
  if (revoked_at !== null && Date.parse(revoked_at) <= nowMs) return 'revoked';
  if (expires_at !== null && Date.parse(expires_at) <= nowMs) return 'expired';
  const end = revoked_at ?? expires_at;
  return end !== null && Date.parse(end) - nowMs < SOON_MS ? 'expiring' : 'active';
}

export const isEnded = (key: ApiKey): boolean => ['revoked', 'expired'].includes(keyState(key));
