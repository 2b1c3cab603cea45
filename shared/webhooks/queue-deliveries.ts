import type { Sqs } from '../aws.ts';
import { sendAll } from '../queue.ts';
import { brandOfDelivery, type Delivery } from './delivery.ts';

/** Sends deliveries to one of their queues. Resolves when all are safely there. */
export const queueDeliveries =
  (sqs: Sqs, queueUrl: string) =>
  (...deliveries: readonly Delivery[]): Promise<void> =>
    sendAll(
      sqs,
      queueUrl,
      deliveries.map((body) => ({ body, group: brandOfDelivery(body) })),
    );
