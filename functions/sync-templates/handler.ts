import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { logger } from '../../shared/logger.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { secretOf } from '../../shared/secrets.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { syncTemplates } from '../../shared/templates/sync.ts';
import { syncAll } from './sync-templates.ts';

const env = readEnv('CONNECTIONS_TABLE_NAME', 'TEMPLATES_TABLE_NAME', ...GRAPH_VARIABLES);
const client = documentClient();

const run = syncAll({
  connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME).all,
  secretOf,
  sync: syncTemplates({
    graph: graphOf(env),
    templates: templateStore(client, env.TEMPLATES_TABLE_NAME),
    now: Date.now,
  }),
});

/** By the clock: infra/stacks/upkeep-stack.ts. */
export const handler = async (): Promise<void> => {
  logger.resetKeys();
  await run();
};
