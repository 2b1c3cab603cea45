import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { logger } from './logger.ts';

/** `leave`: the message stays on the queue although nothing went wrong. */
type Outcome = 'done' | 'leave';

/**
 * Works on all messages of a batch at once and reports those that stay: SQS deletes the others.
 * Powertools' batch processor does the same in 6 KB, which the largest function's bundle has no room for.
 * @param work throws, or answers `leave`, to keep its message on the queue
 */
export async function consume(
  event: SQSEvent,
  work: (record: SQSRecord) => Promise<Outcome>,
): Promise<SQSBatchResponse> {
  const outcomes = await Promise.all(
    event.Records.map((record) =>
      work(record).catch((error: unknown): Outcome => {
        logger.error('queue.message_failed', { error: error as Error, sqs_message_id: record.messageId });
        return 'leave';
      }),
    ),
  );
  const stay = event.Records.filter((_, index) => outcomes[index] === 'leave');
  return { batchItemFailures: stay.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
