import type { ChangeLog } from '../../shared/audit/change-log.ts';
import { toIso } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import type { Connection, ConnectionStore, TokenState } from '../../shared/store/connection-store.ts';

type Deps = { connections: Pick<ConnectionStore, 'notingToken'>; changes: ChangeLog };

/**
 * Marks the connection: its token ends soon, or has ended. In one transaction with the line in the audit log; of a token
 * that was replaced meanwhile, or is known to be dead, nothing is written.
 */
export const noteToken =
  ({ connections, changes }: Deps) =>
  async (connection: Connection, token: TokenState): Promise<void> => {
    const { connectionId, brandId, organisationId } = connection;
    if (connection.token?.setAt === token.setAt && connection.token.state === token.state) return;
    const failed = await changes.commit(
      {
        actor: { kind: 'system', id: 'token-watch' },
        organisationId,
        requestId: '',
        action: token.state === 'dead' ? 'connection.token_invalid' : 'connection.token_expiring',
        target: { type: 'connection', id: connectionId },
        brandId,
        before: { state: connection.token?.state ?? null },
        after: { state: token.state, expires_at: token.expiresAt === null ? null : toIso(token.expiresAt) },
      },
      [connections.notingToken(connection, token)],
    );
    if (failed.length === 0)
      logger.warn('token.noted', { connection_id: connectionId, brand_id: brandId, state: token.state });
  };
