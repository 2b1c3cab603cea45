import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { sendAll } from '../../shared/queue.ts';
import { consume } from '../../shared/queue-consumer.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { brandOfDelivery, ExhaustedDelivery } from '../../shared/webhooks/delivery.ts';
import { parkOrRecover } from './park-or-recover.ts';

const env = readEnv('EVENTS_TABLE_NAME', 'SLOW_DELIVERIES_QUEUE_URL');
const sqs = sqsClient();

const handle = parkOrRecover({
  events: eventStore(documentClient(), env.EVENTS_TABLE_NAME),
  enqueue: (delivery) =>
    sendAll(sqs, env.SLOW_DELIVERIES_QUEUE_URL, [{ body: delivery, group: brandOfDelivery(delivery) }]),
  now: Date.now,
});

const handleRecord = ({ messageId: id, body, attributes }: SQSRecord) =>
  handle(ExhaustedDelivery.parse(parseJson(body)), { id, sentAt: Number(attributes.SentTimestamp) });

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  logger.resetKeys();
  return consume(event, async (record) => handleRecord(record));
};
