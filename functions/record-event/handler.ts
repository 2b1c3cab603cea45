import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { InboundUpdate } from '../../shared/events/inbound-update.ts';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { sendAll } from '../../shared/queue.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { messageStore } from '../../shared/store/message-store.ts';
import { brandOfDelivery } from '../../shared/webhooks/delivery.ts';
import { recordUpdates } from './record-updates.ts';

const env = readEnv('CONNECTIONS_TABLE_NAME', 'MESSAGES_TABLE_NAME', 'DELIVERIES_QUEUE_URL');
const client = documentClient();
const sqs = sqsClient();

const record = recordUpdates({
  connectionOf: cached(
    connectionStore(client, env.CONNECTIONS_TABLE_NAME).activeOfPhoneNumber,
    (found) => found !== null,
    Date.now,
  ),
  messages: messageStore(client, env.MESSAGES_TABLE_NAME),
  enqueue: (deliveries) =>
    sendAll(
      sqs,
      env.DELIVERIES_QUEUE_URL,
      deliveries.map((body) => ({ body, group: brandOfDelivery(body) })),
    ),
  now: Date.now,
  sleep,
});

/** A batch is worked on as one, for one read and one send serve all of it. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  logger.resetKeys();
  const parsed = event.Records.map((sqsRecord) => ({ sqsRecord, update: readUpdate(sqsRecord) }));
  const readable = parsed.flatMap(({ sqsRecord, update }) => (update ? [{ sqsRecord, update }] : []));
  const isDone = await record(readable.map(({ update }) => update));
  const failed = [
    ...parsed.filter(({ update }) => update === null),
    ...readable.filter((_, index) => !isDone[index]),
  ].map(({ sqsRecord }) => ({ itemIdentifier: sqsRecord.messageId }));
  logger.info('updates.recorded', { updates: event.Records.length, failed: failed.length });
  return { batchItemFailures: failed };
};

/** What is not of our shape was not sent by us: it is left to go to the dead-letter queue, where somebody looks. */
function readUpdate(sqsRecord: SQSRecord): InboundUpdate | null {
  const parsed = InboundUpdate.safeParse(parseJson(sqsRecord.body));
  if (!parsed.success) logger.error('update.unreadable', { sqs_message_id: sqsRecord.messageId });
  return parsed.data ?? null;
}
