import type { Now } from '../../shared/clock.ts';
import type { ConnectionRound } from '../../shared/connection-round.ts';
import { logger } from '../../shared/logger.ts';
import type { AccountCalls } from '../../shared/meta/account-calls.ts';
import { requireOk } from '../../shared/meta/call-outcome.ts';
import { isDeadToken } from '../../shared/meta/meta-errors.ts';
import { count } from '../../shared/metrics.ts';
import { assessToken } from '../../shared/onboarding/assess-token.ts';
import { numberState } from '../../shared/onboarding/live-checks.ts';
import { tokenNews } from '../../shared/onboarding/token-news.ts';
import type { QueueText } from '../../shared/queue.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { Connection, ConnectionStore, TokenState } from '../../shared/store/connection-store.ts';

type Deps = {
  connections: Pick<ConnectionStore, 'noteToken' | 'noteNumber'>;
  round: ConnectionRound;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  accounts: Pick<AccountCalls, 'debugToken' | 'numberOfWaba'>;
  appId: string;
  /** Into `inbound-events`. */
  enqueue: (news: QueueText) => Promise<void>;
  now: Now;
};

/**
 * Looks at the token of every connection, and at its number while at it. A token that ends soon, or has ended, is news
 * for the tenant; the rest is only noted. One that cannot be looked at does not hold up the others.
 */
export const watchTokens =
  (deps: Deps) =>
  (remainingMs: () => number): Promise<void> =>
    deps.round(async (connection) => {
      if (connection.status !== 'active' || connection.token?.state === 'dead') return;
      try {
        await watch(deps, connection);
      } catch (error) {
        logger.warn('token.not_checked', { connection_id: connection.connectionId, error: error as Error });
        count('TokenNotChecked');
      }
    }, remainingMs);

async function watch(deps: Deps, connection: Connection): Promise<void> {
  const { connectionId: connection_id, brandId: brand_id } = connection;
  const { access_token: accessToken, token_set_at } = await deps.secretOf(connection);
  // Connections older than the watch say nothing of their token.
  const setAt = token_set_at ?? connection.createdAt;
  const token = await look(deps, connection, accessToken, setAt);
  logger.info('token.checked', { connection_id, brand_id, state: token.state, expires_at: token.expiresAt });
  const { state } = token;
  if (state === 'valid') {
    await deps.connections.noteToken(connection, token);
  } else {
    if (state === 'dead') count('TokenDead');
    else count('TokenExpiring');
    await deps.enqueue(tokenNews({ ...connection, token: { ...token, state } }));
  }
  if (state === 'dead') return;
  const outcome = await deps.accounts.numberOfWaba(connection.wabaId, connection.phoneNumberId, accessToken);
  const number = requireOk(outcome);
  if (number) await deps.connections.noteNumber(connection, numberState(number, deps.now()));
}

async function look(deps: Deps, { wabaId }: Connection, accessToken: string, setAt: number): Promise<TokenState> {
  const outcome = await deps.accounts.debugToken(accessToken);
  const checkedAt = deps.now();
  if (outcome.kind === 'refused' && isDeadToken(outcome.error))
    return { setAt, state: 'dead', expiresAt: null, checkedAt };
  const { state, expiresAt, problem } = assessToken(requireOk(outcome), { wabaId, appId: deps.appId }, checkedAt);
  // It lives and has lost a right: sends tell by their own error which.
  if (problem !== null && state !== 'dead') logger.warn('token.lacks_rights', { waba_id: wabaId });
  return { setAt, state, expiresAt, checkedAt };
}
