import * as z from 'zod';
import { toIso } from '../clock.ts';
import type { AccountUpdate } from '../events/inbound-update.ts';
import { ownerOf } from '../events/inbound-update.ts';
import { type QueueText, queueText } from '../queue.ts';
import type { TokenState } from '../store/connection-store.ts';

/** What `account.updated` says of a token; ours, not Meta's. */
const TOKEN_EVENTS = { expiring: 'TOKEN_EXPIRING', dead: 'TOKEN_INVALID' } as const;

const MINUTE_MS = 60_000;

type Told = { phoneNumberId: string; wabaId: string; token: TokenState & { state: 'expiring' | 'dead' } };

/**
 * The news that a connection's token ends, or has ended, on its way to `record-event`, which marks the connection,
 * writes the audit log and tells the tenant. Told by several at once it is told once: the minute and the token make it.
 */
export function tokenNews({ phoneNumberId, wabaId, token }: Told): QueueText {
  const update: AccountUpdate = {
    kind: 'account',
    phone_number_id: phoneNumberId,
    waba_id: wabaId,
    at: Math.floor(token.checkedAt / MINUTE_MS) * MINUTE_MS,
    is_time_known: false,
    change: 'token',
    event: TOKEN_EVENTS[token.state],
    details: {
      token_set_at: toIso(token.setAt),
      ...(token.expiresAt === null ? {} : { token_expires_at: toIso(token.expiresAt) }),
    },
  };
  return { text: queueText({ updates: [update] }), group: ownerOf(update) };
}

const Details = z.looseObject({ token_set_at: z.iso.datetime(), token_expires_at: z.iso.datetime().optional() });

/** @returns null for what is no news of a token */
export function tokenStateOf(update: AccountUpdate): TokenState | null {
  const details = Details.safeParse(update.details).data;
  if (update.change !== 'token' || !details) return null;
  const { token_set_at, token_expires_at } = details;
  return {
    setAt: Date.parse(token_set_at),
    state: update.event === TOKEN_EVENTS.dead ? 'dead' : 'expiring',
    expiresAt: token_expires_at === undefined ? null : Date.parse(token_expires_at),
    checkedAt: update.at,
  };
}
