import type { Context } from 'aws-lambda';
import { documentClient } from '../../shared/aws.ts';
import { connectionRound } from '../../shared/connection-round.ts';
import { readEnv } from '../../shared/env.ts';
import { logger } from '../../shared/logger.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { secretOf } from '../../shared/secrets.ts';
import { checkpointStore } from '../../shared/store/checkpoint-store.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { syncTemplates } from '../../shared/templates/sync.ts';
import { syncAll } from './sync-templates.ts';

const env = readEnv('CHECKPOINTS_TABLE_NAME', 'CONNECTIONS_TABLE_NAME', 'TEMPLATES_TABLE_NAME', ...GRAPH_VARIABLES);
const client = documentClient();

const run = syncAll({
  round: connectionRound({
    job: 'sync-templates',
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    checkpoints: checkpointStore(client, env.CHECKPOINTS_TABLE_NAME),
  }),
  secretOf,
  sync: syncTemplates({
    graph: graphOf(env),
    templates: templateStore(client, env.TEMPLATES_TABLE_NAME),
    now: Date.now,
  }),
});

/** By the clock: infra/stacks/upkeep-stack.ts. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  logger.resetKeys();
  await run(() => context.getRemainingTimeInMillis());
};
