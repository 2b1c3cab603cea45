import type { ApiKey } from '../../api/types.ts';

const SOON_MS = 14 * 24 * 60 * 60 * 1000;

export type KeyState = 'active' | 'expiring' | 'ending' | 'expired' | 'revoked';

/** What the API says of it, and a word before it ends by itself. */
export function keyState({ status, revoked_at, expires_at }: ApiKey, nowMs = Date.now()): KeyState {
  if (status === 'ended') return revoked_at === null ? 'expired' : 'revoked';
  if (status === 'ending') return 'ending';
  return expires_at !== null && Date.parse(expires_at) - nowMs < SOON_MS ? 'expiring' : 'active';
}

export const isEnded = ({ status }: ApiKey): boolean => status === 'ended';
