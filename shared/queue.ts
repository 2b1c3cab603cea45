import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** SQS takes this many in a batch, and this many bytes in all: the SQS developer guide, "Message quotas". */
const MAX_ENTRIES = 10;
const MAX_BYTES = 1024 * 1024;
/** Room for the entry around a body. */
const ENTRY_OVERHEAD_BYTES = 512;

export type QueueEntry = {
  body: unknown;
  /** Fair queues: a group with many messages does not keep the others waiting. */
  group: string;
};

/**
 * Sends everything, in as few calls as the limits allow.
 * @throws when even one could not be sent; others may have been: whoever reads them must not mind a second copy
 */
export async function sendAll(client: SQSClient, queueUrl: string, entries: readonly QueueEntry[]): Promise<void> {
  const results = await Promise.all(batches(entries).map((batch) => sendBatch(client, queueUrl, batch)));
  const failed = results.flat();
  if (failed.length > 0) throw new Error(`${failed.length} messages could not be queued: ${failed[0]}`);
}

type Prepared = { text: string; group: string };

function batches(entries: readonly QueueEntry[]): Prepared[][] {
  const all: Prepared[][] = [];
  let bytes = 0;
  for (const { body, group } of entries) {
    const text = JSON.stringify(body);
    const size = Buffer.byteLength(text) + ENTRY_OVERHEAD_BYTES;
    const last = all.at(-1);
    if (last && last.length < MAX_ENTRIES && bytes + size <= MAX_BYTES) {
      last.push({ text, group });
      bytes += size;
    } else {
      all.push([{ text, group }]);
      bytes = size;
    }
  }
  return all;
}

/** @returns the error codes of what was not taken */
async function sendBatch(client: SQSClient, queueUrl: string, batch: readonly Prepared[]): Promise<string[]> {
  const { Failed = [] } = await client.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: batch.map(({ text, group }, index) => ({ Id: String(index), MessageBody: text, MessageGroupId: group })),
    }),
  );
  return Failed.map((entry) => entry.Code ?? 'unknown');
}
