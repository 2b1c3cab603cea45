import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { Sqs } from './aws.ts';

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

/** An entry whose body is written already, by `queueText`. */
export type QueueText = { text: string; group: string; delaySeconds?: number };

/**
 * JSON that SQS and DynamoDB take. SQS refuses the two characters below although they may stand in JSON, and neither of
 * the two takes halves of surrogate pairs, which anybody can write as `\ud800`: those become U+FFFD.
 */
export function queueText(body: unknown): string {
  const text = JSON.stringify(body).replace(/[\ufffe\uffff]/g, (character) =>
    character === '\uffff' ? '\\uffff' : '\\ufffe',
  );
  // JSON.stringify escapes a surrogate only when it is alone; an even number of backslashes before it are a text's own.
  return text.includes('\\ud') ? text.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\\ufffd') : text;
}

/**
 * Sends everything, in as few calls as the limits allow.
 * @throws when even one could not be sent; others may have been: whoever reads them must not mind a second copy
 */
export const sendAll = (client: Sqs, queueUrl: string, entries: readonly QueueEntry[]): Promise<void> =>
  sendTexts(
    client,
    queueUrl,
    entries.map(({ body, group }) => ({ text: queueText(body), group })),
  );

/** `sendAll` for what is written already. */
export async function sendTexts(client: Sqs, queueUrl: string, entries: readonly QueueText[]): Promise<void> {
  const results = await Promise.all(batches(entries).map((batch) => sendBatch(client, queueUrl, batch)));
  const failed = results.flat();
  if (failed.length > 0) throw new Error(`${failed.length} messages could not be queued: ${failed[0]}`);
}

function batches(entries: readonly QueueText[]): QueueText[][] {
  const all: QueueText[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.text) + ENTRY_OVERHEAD_BYTES;
    const last = all.at(-1);
    if (last && last.length < MAX_ENTRIES && bytes + size <= MAX_BYTES) {
      last.push(entry);
      bytes += size;
    } else {
      all.push([entry]);
      bytes = size;
    }
  }
  return all;
}

/** @returns the error codes of what was not taken */
async function sendBatch(client: Sqs, queueUrl: string, batch: readonly QueueText[]): Promise<string[]> {
  const { Failed = [] } = await client.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: batch.map(({ text, group, delaySeconds }, index) => ({
        Id: String(index),
        MessageBody: text,
        MessageGroupId: group,
        DelaySeconds: delaySeconds,
      })),
    }),
  );
  return Failed.map((entry) => entry.Code ?? 'unknown');
}
