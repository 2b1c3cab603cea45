import type { Now } from '../clock.ts';
import { logger } from '../logger.ts';
import type { AccountCalls } from '../meta/account-calls.ts';
import { isDeadToken } from '../meta/meta-errors.ts';
import { count } from '../metrics.ts';
import type { QueueText } from '../queue.ts';
import { cached } from '../store/cached.ts';
import { tokenNews } from './token-news.ts';

type Deps = {
  accounts: Pick<AccountCalls, 'debugToken'>;
  /** Into `inbound-events`. */
  enqueue: (news: QueueText) => Promise<void>;
  now: Now;
};

/** Whose token Meta refused. */
export type Holder = { phoneNumberId: string; wabaId: string; accessToken: string; tokenSetAt: number };

/**
 * A call met Meta's 0 or 190. Whether the token is dead, Meta is asked (meta-cloud-api §8), at most once a minute for
 * each token; and only if it is, the connection is marked. Never throws: the call has its own answer.
 */
export function refusedToken({ accounts, enqueue, now }: Deps): (holder: Holder) => Promise<void> {
  const isDead = cached(
    async (accessToken: string) => {
      const outcome = await accounts.debugToken(accessToken);
      return outcome.kind === 'ok' ? !outcome.value.is_valid : outcome.kind === 'refused' && isDeadToken(outcome.error);
    },
    () => true,
    now,
  );
  return async ({ phoneNumberId, wabaId, accessToken, tokenSetAt }) => {
    try {
      if (!(await isDead(accessToken))) return;
      const token = { setAt: tokenSetAt, state: 'dead' as const, expiresAt: null, checkedAt: now() };
      await enqueue(tokenNews({ phoneNumberId, wabaId, token }));
      count('TokenDead');
    } catch (error) {
      logger.warn('token.not_checked', error as Error);
    }
  };
}
