import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { sendAll } from '../../shared/queue.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { brandOfDelivery, ExhaustedDelivery } from '../../shared/webhooks/delivery.ts';
import { parkOrRecover } from './park-or-recover.ts';

const env = readEnv('EVENTS_TABLE_NAME', 'DELIVERIES_QUEUE_URL');
const sqs = sqsClient();

const handle = parkOrRecover({
  events: eventStore(documentClient(), env.EVENTS_TABLE_NAME),
  enqueue: (delivery) => sendAll(sqs, env.DELIVERIES_QUEUE_URL, [{ body: delivery, group: brandOfDelivery(delivery) }]),
  now: Date.now,
});

/** Refused messages are reported as failures although nothing failed: so SQS moves them (maxReceiveCount is 1). */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  logger.resetKeys();
  const outcomes = await Promise.all(event.Records.map(outcomeOf));
  return { batchItemFailures: outcomes.flatMap(({ id, isDone }) => (isDone ? [] : [{ itemIdentifier: id }])) };
};

async function outcomeOf({ messageId: id, body, attributes }: SQSRecord): Promise<{ id: string; isDone: boolean }> {
  try {
    return {
      id,
      isDone:
        (await handle(ExhaustedDelivery.parse(parseJson(body)), { id, sentAt: Number(attributes.SentTimestamp) })) ===
        'done',
    };
  } catch (error) {
    logger.error('exhausted.not_handled', { error: error as Error, sqs_message_id: id });
    return { id, isDone: false };
  }
}
