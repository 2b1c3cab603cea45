import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { transaction } from '../database.ts';
import { invalidParameter, sqsError } from './errors.ts';
import { checkAttributes, type MessageAttributes, sizeOfAttributes } from './message-attributes.ts';
import type { Entry } from './queue-index.ts';
import type { Queue, Queues } from './queues.ts';
import type { Content, SqsStore } from './store.ts';

/** "Total VisibilityTimeout for the message": 12 hours from the receive, SQS API reference, ChangeMessageVisibility. */
const MAX_VISIBILITY_SECONDS = 43_200;
/** In-flight messages of a standard queue, SQS Developer Guide, "Amazon SQS message quotas". */
const MAX_IN_FLIGHT = 120_000;
/** Characters SQS takes: those of XML 1.0, as SendMessage in the API reference lists them. */
const FORBIDDEN_CHARACTERS = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export type NewMessage = {
  body: string;
  attributes?: MessageAttributes;
  delaySeconds?: number;
  group?: string;
  traceHeader?: string;
};
export type Taken = { entry: Readonly<Entry>; content: Content; receiptHandle: string };

/** Bytes that count against the limits of a message and of a batch. */
export const sizeOf = ({ body, attributes }: NewMessage): number =>
  Buffer.byteLength(body) + (attributes ? sizeOfAttributes(attributes) : 0);

/** A message's way through its queue: send, receive, hide, delete, and what SQS does by itself: expire and redrive. */
export function createMessages(database: DatabaseSync, store: SqsStore, queues: Queues, clock: Clock) {
  /** Brings the queue to the present: what is due becomes visible, what is too old goes. */
  const settle = (queue: Queue): void => {
    const { index, settings } = queue;
    const now = clock.now();
    index.promote(now);
    // MessageRetentionPeriod counts from the original send, also in a dead-letter queue (SQS Developer Guide, "Using
    // dead-letter queues", message retention).
    let expired = index.oldestUpTo(now - settings.retentionMs);
    for (; expired; expired = index.oldestUpTo(now - settings.retentionMs)) remove(queue, expired.row);
  };
  const remove = (queue: Queue, row: number): void => {
    store.remove(row);
    queue.index.remove(row);
  };
  /** SQS's own move: same message id and send time, and the source is remembered ("Using dead-letter queues"). */
  const deadLetter = (queue: Queue, entry: Entry, target: Queue): void => {
    const now = clock.now();
    queue.index.remove(entry.row);
    const moved = { ...entry, arrivedAt: now, dueAt: now, receivesHere: 0, receipt: undefined, sourceArn: queue.arn };
    store.update(target.name, moved);
    target.index.place(moved, now);
  };
  const deadLetterQueueOf = ({ settings }: Queue): Queue | undefined =>
    settings.redrive && queues.byArn(settings.redrive.deadLetterTargetArn);
  /** The entry a receipt handle speaks of, if the handle is its newest. */
  const byHandle = (queue: Queue, handle: string): Entry | undefined => {
    const [queueName, row, receipt] = Buffer.from(handle, 'base64').toString().split('\n');
    if (queueName === undefined || receipt === undefined || queues.find(queueName) === undefined)
      throw sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
    if (queueName !== queue.name) return undefined;
    const entry = queue.index.get(Number(row));
    return entry?.receipt === receipt ? entry : undefined;
  };

  return {
    settle,
    deadLetterQueueOf,
    /** @throws InvalidParameterValue, MissingParameter, InvalidMessageContents */
    send(queue: Queue, message: NewMessage, sender: string): { messageId: string } {
      const { body, attributes, group } = message;
      if (body === '') throw sqsError('MissingParameter', 'The request must contain the parameter MessageBody.');
      if (FORBIDDEN_CHARACTERS.test(body))
        throw sqsError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
      if (attributes) checkAttributes(attributes);
      if (sizeOf(message) > queue.settings.maximumMessageSize)
        throw sqsError(
          'InvalidParameterValue',
          `One or more parameters are invalid. Reason: Message must be shorter than ${queue.settings.maximumMessageSize} bytes.`,
        );
      const delaySeconds = message.delaySeconds ?? queue.settings.delaySeconds;
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900)
        throw invalidParameter(delaySeconds, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
      if (group !== undefined && !/^[!-~]{1,128}$/.test(group))
        throw invalidParameter(group, 'MessageGroupId', 'It can be 1 to 128 alphanumeric and punctuation characters.');
      const now = clock.now();
      const fresh = {
        messageId: randomUUID(),
        group: group ?? '',
        sentAt: now,
        arrivedAt: now,
        dueAt: now + delaySeconds * 1000,
        receiveCount: 0,
        receivesHere: 0,
      };
      const row = store.insert(queue.name, fresh, { body, attributes, traceHeader: message.traceHeader, sender });
      queue.index.place({ ...fresh, row }, now);
      return { messageId: fresh.messageId };
    },

    /** Takes up to `max` visible messages and hides them. */
    take(queue: Queue, max: number, visibilityTimeoutSeconds = queue.settings.visibilityTimeoutSeconds): Taken[] {
      settle(queue);
      const { index, settings } = queue;
      if (index.counts.visible === 0) return [];
      // AWS answers OverLimit to a short poll and nothing to a long poll; here both get nothing.
      if (index.counts.inFlight >= MAX_IN_FLIGHT) return [];
      const deadLetterQueue = deadLetterQueueOf(queue);
      const now = clock.now();
      const taken = transaction(database, () => {
        const taken: Taken[] = [];
        while (taken.length < max) {
          const entry = index.next();
          if (!entry) break;
          // "When the ReceiveCount for a message exceeds the maxReceiveCount …": the receive that would exceed it moves it.
          if (deadLetterQueue && entry.receivesHere >= (settings.redrive?.maxReceiveCount ?? 0)) {
            deadLetter(queue, entry, deadLetterQueue);
            continue;
          }
          entry.receiveCount += 1;
          entry.receivesHere += 1;
          entry.firstReceivedAt ??= now;
          entry.receivedAt = now;
          entry.receipt = randomUUID();
          entry.dueAt = now + visibilityTimeoutSeconds * 1000;
          store.update(queue.name, entry);
          const receiptHandle = Buffer.from(`${queue.name}\n${entry.row}\n${entry.receipt}`).toString('base64');
          taken.push({ entry, content: store.content(entry.row), receiptHandle });
        }
        return taken;
      });
      // Only now: with a visibility timeout of 0 the same message would be taken twice.
      for (const { entry } of taken) index.place(entry, now);
      return taken.map((one) => ({ ...one, entry: { ...one.entry } }));
    },

    /** A stale handle succeeds and deletes nothing (SQS API reference, DeleteMessage). @throws ReceiptHandleIsInvalid */
    delete(queue: Queue, receiptHandle: string): void {
      const entry = byHandle(queue, receiptHandle);
      if (entry) remove(queue, entry.row);
    },

    /** @throws ReceiptHandleIsInvalid, MessageNotInflight, InvalidParameterValue */
    changeVisibility(queue: Queue, receiptHandle: string, timeoutSeconds: number): void {
      if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 0 || timeoutSeconds > MAX_VISIBILITY_SECONDS)
        throw invalidParameter(timeoutSeconds, 'VisibilityTimeout', 'Must be between 0 and 43200.');
      settle(queue);
      const entry = byHandle(queue, receiptHandle);
      if (!entry || queue.index.isVisible(entry.row))
        throw sqsError('MessageNotInflight', 'The specified message is not in flight.');
      const now = clock.now();
      if (now - (entry.receivedAt ?? now) + timeoutSeconds * 1000 > MAX_VISIBILITY_SECONDS * 1000)
        throw invalidParameter(
          timeoutSeconds,
          'VisibilityTimeout',
          'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
        );
      entry.dueAt = now + timeoutSeconds * 1000;
      store.update(queue.name, entry);
      queue.index.place(entry, now);
    },

    /** Makes every message that was handed out visible again: whoever had them is known to be gone. */
    releaseInFlight(queue: Queue): void {
      settle(queue);
      const now = clock.now();
      transaction(database, () => {
        for (const entry of queue.index.entries()) {
          if (entry.receivesHere === 0 || queue.index.isVisible(entry.row)) continue;
          entry.dueAt = now;
          store.update(queue.name, entry);
          queue.index.place(entry, now);
        }
      });
    },

    /**
     * A redrive's move. "All redriven messages are considered new messages with a new messageID and enqueueTime", and
     * retention starts again (SQS Developer Guide, "Configure a dead-letter queue redrive"). The source is forgotten.
     */
    redrive(queue: Queue, entry: Entry, target: Queue): void {
      const now = clock.now();
      queue.index.remove(entry.row);
      const dueAt = now + target.settings.delaySeconds * 1000;
      const { row, group } = entry;
      const fresh = { row, group, messageId: randomUUID(), sentAt: now, arrivedAt: now, dueAt };
      const moved = { ...fresh, receiveCount: 0, receivesHere: 0 };
      store.update(target.name, moved);
      target.index.place(moved, now);
    },

    purge(queue: Queue): void {
      transaction(database, () => {
        for (const { row } of queue.index.entries()) remove(queue, row);
      });
    },
  };
}
export type Messages = ReturnType<typeof createMessages>;
