import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { withSandboxNumbers } from '../../shared/sandbox/sandbox-connection.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { checkpointStore } from '../../shared/store/checkpoint-store.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { idempotencyStore } from '../../shared/store/idempotency-store.ts';
import { messageStore } from '../../shared/store/message-store.ts';
import { silentMessageStore } from '../../shared/store/silent-message-store.ts';
import { queueDeliveries } from '../../shared/webhooks/queue-deliveries.ts';
import { sweepSends } from './sweep-sends.ts';

const env = readEnv(
  'BRANDS_TABLE_NAME',
  'CHECKPOINTS_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'IDEMPOTENCY_TABLE_NAME',
  'MESSAGES_TABLE_NAME',
  'DELIVERIES_QUEUE_URL',
);
const client = documentClient();
const sqs = sqsClient();
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);

/** Runs on a schedule; the next run takes up what one could not finish. */
export const handler = sweepSends({
  brandIds: brandStore(client, env.BRANDS_TABLE_NAME).allIds,
  messages: messageStore(client, env.MESSAGES_TABLE_NAME),
  silent: silentMessageStore(client, env.MESSAGES_TABLE_NAME),
  idempotency: idempotencyStore(client, env.IDEMPOTENCY_TABLE_NAME),
  checkpoints: checkpointStore(client, env.CHECKPOINTS_TABLE_NAME),
  connectionOf: withSandboxNumbers(connections.activeOfPhoneNumber, connections.activeOfBrand),
  enqueue: (deliveries) => queueDeliveries(sqs, env.DELIVERIES_QUEUE_URL)(...deliveries),
  now: Date.now,
});
