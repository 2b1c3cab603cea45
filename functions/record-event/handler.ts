import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient, sqsClient } from '../../shared/aws.ts';
import { conversationToucher } from '../../shared/conversations.ts';
import { readEnv } from '../../shared/env.ts';
import { InboundBatch, InboundUpdate } from '../../shared/events/inbound-update.ts';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { sendAll } from '../../shared/queue.ts';
import { withSandboxNumbers } from '../../shared/sandbox/sandbox-connection.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { conversationStore } from '../../shared/store/conversation-store.ts';
import { messageStore } from '../../shared/store/message-store.ts';
import { metaUpdateStore } from '../../shared/store/meta-update-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { queueDeliveries } from '../../shared/webhooks/queue-deliveries.ts';
import { noteToken } from './note-token.ts';
import { recordUpdates } from './record-updates.ts';

const env = readEnv(
  'AUDIT_LOG_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'CONVERSATIONS_TABLE_NAME',
  'MESSAGES_TABLE_NAME',
  'META_UPDATES_TABLE_NAME',
  'TEMPLATES_TABLE_NAME',
  'DELIVERIES_QUEUE_URL',
  'INBOUND_MEDIA_QUEUE_URL',
);
const client = documentClient();
const sqs = sqsClient();
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);

const record = recordUpdates({
  connectionOf: cached(
    withSandboxNumbers(connections.activeOfPhoneNumber, connections.activeOfBrand),
    (found) => found !== null,
    Date.now,
  ),
  connectionsOfWaba: cached(connections.activesOfWaba, (found) => found.length > 0, Date.now),
  messages: messageStore(client, env.MESSAGES_TABLE_NAME),
  touchConversation: conversationToucher(conversationStore(client, env.CONVERSATIONS_TABLE_NAME)),
  copyMedia: (copy) => sendAll(sqs, env.INBOUND_MEDIA_QUEUE_URL, [{ body: copy, group: copy.brand_id }]),
  noteToken: noteToken({ connections, changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now) }),
  templates: templateStore(client, env.TEMPLATES_TABLE_NAME),
  metaUpdates: metaUpdateStore(client, env.META_UPDATES_TABLE_NAME),
  enqueue: (deliveries) => queueDeliveries(sqs, env.DELIVERIES_QUEUE_URL)(...deliveries),
  now: Date.now,
  sleep,
});

/**
 * A batch is worked on as one, for one read and one send serve all of it. A message comes again when one of its updates
 * is not done; those that are will be found recorded.
 */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  logger.resetKeys();
  const messages = event.Records.map((sqsRecord) => ({ sqsRecord, ...readUpdates(sqsRecord) }));
  const isDone = await record(messages.flatMap(({ updates }) => updates));
  const count = isDone.length;
  const failed = messages.filter(({ updates, isReadable }) => {
    const done = isDone.splice(0, updates.length);
    return !isReadable || done.includes(false);
  });
  logger.info('updates.recorded', { messages: event.Records.length, updates: count, failed: failed.length });
  return { batchItemFailures: failed.map(({ sqsRecord }) => ({ itemIdentifier: sqsRecord.messageId })) };
};

/** What is not of our shape was not sent by us: it is left to go to the dead-letter queue, where somebody looks. */
function readUpdates(sqsRecord: SQSRecord): { updates: InboundUpdate[]; isReadable: boolean } {
  const batch = InboundBatch.safeParse(parseJson(sqsRecord.body)).data ?? { updates: [] };
  const updates = batch.updates.flatMap((raw) => InboundUpdate.safeParse(raw).data ?? []);
  const isReadable = updates.length > 0 && updates.length === batch.updates.length;
  if (!isReadable) logger.error('update.unreadable', { sqs_message_id: sqsRecord.messageId });
  return { updates, isReadable };
}
