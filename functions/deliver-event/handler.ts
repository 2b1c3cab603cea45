import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { consume } from '../../shared/queue-consumer.ts';
import { deliverFromQueue } from '../../shared/webhooks/deliver.ts';
import { Delivery } from '../../shared/webhooks/delivery.ts';
import { deliveryDeps } from '../../shared/webhooks/delivery-wiring.ts';

const deliver = deliverFromQueue(deliveryDeps('fast'));

/** The fast lane: fresh events, in batches. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  logger.resetKeys();
  return consume(event, async ({ body, attributes }) => {
    await deliver(Delivery.parse(parseJson(body)), Number(attributes.ApproximateReceiveCount));
    return 'done';
  });
};
