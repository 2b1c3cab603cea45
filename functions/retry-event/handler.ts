import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { consume } from '../../shared/queue-consumer.ts';
import { deliverFromLadder, deliverFromQueue } from '../../shared/webhooks/deliver.ts';
import { AnyDelivery, isExhausted, LadderStep } from '../../shared/webhooks/delivery.ts';
import { deliveryDeps } from '../../shared/webhooks/delivery-wiring.ts';

const deps = deliveryDeps('slow');
const fromQueue = deliverFromQueue(deps);
const fromLadder = deliverFromLadder(deps);

/** The slow lane: what the fast one would wait for, from its queue; and the ladder, one rung at a time. */
export const handler = async (event: SQSEvent | LadderStep): Promise<SQSBatchResponse | LadderStep> => {
  logger.resetKeys();
  if (!('Records' in event)) return fromLadder(LadderStep.parse(event));
  return consume(event, async ({ body, attributes }) => {
    const message = AnyDelivery.parse(parseJson(body));
    // Redriven to a destination of somebody's choice: park-or-recover knows what to do with it.
    if (isExhausted(message)) await deps.giveUp(message);
    else await fromQueue(message, Number(attributes.ApproximateReceiveCount));
    return 'done';
  });
};
