import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { Sqs } from '../aws.ts';
import { brandOfDelivery, type Delivery } from './delivery.ts';

/** SQS takes this many in a batch: the SQS developer guide, "Message quotas". */
const MAX_ENTRIES = 10;

/**
 * Sends to a queue so that the messages show themselves one after the other.
 * @param perSecond SQS delays by whole seconds: so many show themselves in each
 * @throws when even one could not be sent; others may have been
 */
export const pacedSender =
  (client: Sqs, queueUrl: string) => async (deliveries: readonly Delivery[], perSecond: number) => {
    for (let first = 0; first < deliveries.length; first += MAX_ENTRIES) {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: deliveries.slice(first, first + MAX_ENTRIES).map((delivery, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(delivery),
            MessageGroupId: brandOfDelivery(delivery),
            DelaySeconds: Math.floor((first + index) / perSecond),
          })),
        }),
      );
      if (Failed[0]) throw new Error(`${Failed.length} messages could not be queued: ${Failed[0].Code}`);
    }
  };
export type PacedSender = ReturnType<typeof pacedSender>;
