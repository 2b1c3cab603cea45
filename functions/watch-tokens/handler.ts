import type { Context } from 'aws-lambda';
import { documentClient, sqsClient } from '../../shared/aws.ts';
import { connectionRound } from '../../shared/connection-round.ts';
import { readEnv } from '../../shared/env.ts';
import { logger } from '../../shared/logger.ts';
import { accountCalls } from '../../shared/meta/account-calls.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { sendTexts } from '../../shared/queue.ts';
import { secretOf } from '../../shared/secrets.ts';
import { checkpointStore } from '../../shared/store/checkpoint-store.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { watchTokens } from './watch-tokens.ts';

const env = readEnv(
  'CHECKPOINTS_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'INBOUND_EVENTS_QUEUE_URL',
  'META_APP_ID',
  ...GRAPH_VARIABLES,
);
const sqs = sqsClient();
const client = documentClient();
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);

const run = watchTokens({
  connections,
  round: connectionRound({
    job: 'watch-tokens',
    connections,
    checkpoints: checkpointStore(client, env.CHECKPOINTS_TABLE_NAME),
  }),
  secretOf,
  accounts: accountCalls(graphOf(env)),
  appId: env.META_APP_ID,
  enqueue: (news) => sendTexts(sqs, env.INBOUND_EVENTS_QUEUE_URL, [news]),
  now: Date.now,
});

/** By the clock, once a day: infra/stacks/upkeep-stack.ts. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  logger.resetKeys();
  await run(() => context.getRemainingTimeInMillis());
};
