import { toIso } from '../clock.ts';
import type { TokenInfo } from '../meta/account-calls.ts';
import type { TokenState } from '../store/connection-store.ts';

/** Sending, and everything else: meta-cloud-api §1.1. */
const NEEDED_SCOPES = ['whatsapp_business_management', 'whatsapp_business_messaging'] as const;

const DAY_MS = 24 * 60 * 60 * 1000;
/** A token that ends sooner is told of: two weeks are enough for a business to make another one. */
const EXPIRES_SOON_MS = 14 * DAY_MS;

export type Assessment = Pick<TokenState, 'expiresAt' | 'state'> & {
  /** What keeps it from being used, in words; null for a good one. */
  problem: string | null;
};

/** Whether Meta's answer about a token (meta-cloud-api §8) makes it one we can send with, for this WABA and as this app. */
export function assessToken(info: TokenInfo, expected: { wabaId: string; appId: string }, nowMs: number): Assessment {
  const expiresAt = endOf(info);
  const isOver = !info.is_valid || (expiresAt !== null && expiresAt <= nowMs);
  const isSoon = expiresAt !== null && expiresAt - nowMs < EXPIRES_SOON_MS;
  const state = isOver ? 'dead' : isSoon ? 'expiring' : 'valid';
  return { state, expiresAt, problem: isOver ? DEAD : problemOf(info, expected) };
}

export const DEAD = 'Meta does not take the token: it has expired, or its access was taken away.';

function problemOf(info: TokenInfo, { wabaId, appId }: { wabaId: string; appId: string }): string | null {
  if (info.app_id !== appId)
    return 'The token was given to another Meta app than ours: its webhooks would not reach us.';
  // They live for an hour or a day.
  if (info.type === 'USER') return 'This is the token of a person, which soon ends: take one of a system user.';
  const missing = NEEDED_SCOPES.filter((scope) => !info.scopes.includes(scope));
  if (missing.length > 0) return `The token lacks ${missing.join(' and ')}.`;
  const isGranted = NEEDED_SCOPES.every((scope) => {
    const targets = info.granular_scopes.find((one) => one.scope === scope)?.target_ids;
    return targets === undefined || targets.includes(wabaId);
  });
  return isGranted ? null : 'The token was not given access to this WhatsApp Business account.';
}

/** The sooner of the ends of the token and of what it may see; 0 stands for never. */
function endOf({ expires_at, data_access_expires_at }: TokenInfo): number | null {
  const ends = [expires_at, data_access_expires_at].filter((seconds) => seconds > 0);
  return ends.length === 0 ? null : Math.min(...ends) * 1000;
}

/** In words, for whoever looks at a step. */
export const lifeOf = ({ expiresAt }: Pick<TokenState, 'expiresAt'>): string =>
  expiresAt === null ? 'The token does not expire.' : `The token expires at ${toIso(expiresAt)}.`;
