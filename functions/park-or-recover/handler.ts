import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { sendAll } from '../../shared/queue.ts';
import { consume } from '../../shared/queue-consumer.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { AnyDelivery, brandOfDelivery, type Delivery, isExhausted } from '../../shared/webhooks/delivery.ts';
import { parkOrRecover } from './park-or-recover.ts';

const env = readEnv('EVENTS_TABLE_NAME', 'SLOW_DELIVERIES_QUEUE_URL');
const sqs = sqsClient();

const enqueue = (delivery: Delivery): Promise<void> =>
  sendAll(sqs, env.SLOW_DELIVERIES_QUEUE_URL, [{ body: delivery, group: brandOfDelivery(delivery) }]);

const handle = parkOrRecover({
  events: eventStore(documentClient(), env.EVENTS_TABLE_NAME),
  enqueue,
  now: Date.now,
});

async function handleRecord({ messageId: id, body, attributes }: SQSRecord): Promise<'done' | 'leave'> {
  const message = AnyDelivery.parse(parseJson(body));
  if (isExhausted(message))
    return (await handle(message, { id, sentAt: Number(attributes.SentTimestamp) })) === 'done' ? 'done' : 'leave';
  // A crashed delivery, redriven to a destination of somebody's choice.
  await enqueue(message);
  return 'done';
}

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  logger.resetKeys();
  return consume(event, handleRecord);
};
