import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { consume } from '../../shared/queue-consumer.ts';
import { deliverFromQueue } from '../../shared/webhooks/deliver.ts';
import { AnyDelivery, isExhausted } from '../../shared/webhooks/delivery.ts';
import { deliveryDeps } from '../../shared/webhooks/delivery-wiring.ts';

const deps = deliveryDeps('fast');
const deliver = deliverFromQueue(deps);

/** The fast lane: fresh events, in batches. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  logger.resetKeys();
  return consume(event, async ({ body, attributes }) => {
    const message = AnyDelivery.parse(parseJson(body));
    // Redriven to a destination of somebody's choice: park-or-recover knows what to do with it.
    if (isExhausted(message)) await deps.giveUp(message);
    else await deliver(message, Number(attributes.ApproximateReceiveCount));
    return 'done';
  });
};
