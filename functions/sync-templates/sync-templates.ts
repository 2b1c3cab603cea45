import type { ConnectionRound } from '../../shared/connection-round.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import { SANDBOX_WABA } from '../../shared/sandbox/sandbox-connection.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { syncTemplates } from '../../shared/templates/sync.ts';

type Deps = {
  round: ConnectionRound;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  sync: ReturnType<typeof syncTemplates>;
};

/**
 * Lists the templates of every connected WABA anew: a webhook of Meta's may lag or be lost (meta-cloud-api §4.1). One
 * WABA that Meta refuses keeps what it had and does not hold up the others.
 */
export const syncAll =
  ({ round, secretOf, sync }: Deps) =>
  async (remainingMs: () => number): Promise<void> => {
    const done = new Set<string>();
    await round(async (connection) => {
      const { wabaId, connectionId: connection_id } = connection;
      if (connection.status !== 'active' || wabaId === SANDBOX_WABA || done.has(wabaId)) return;
      done.add(wabaId);
      try {
        const { access_token: accessToken } = await secretOf(connection);
        logger.info('templates.synced', { connection_id, ...(await sync({ wabaId, accessToken })) });
      } catch (error) {
        logger.warn('templates.not_synced', { connection_id, error: error as Error });
        count('TemplatesNotSynced');
      }
    }, remainingMs);
  };
