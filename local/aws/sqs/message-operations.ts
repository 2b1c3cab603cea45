import type { DatabaseSync } from 'node:sqlite';
import { transaction } from '../database.ts';
import { type Call, type Operation, operation } from '../wire.ts';
import { runBatch } from './batch.ts';
import { invalidParameter, sqsError } from './errors.ts';
import type { LongPoll } from './long-poll.ts';
import { md5, md5OfAttributes } from './message-attributes.ts';
import { type Messages, type NewMessage, sizeOf } from './messages.ts';
import type { Queue, Queues } from './queues.ts';
import { receivedMessage } from './received-message.ts';
import * as requests from './requests.ts';

/** SendMessageBatch: "The total size of all messages … 1 MiB" (SQS API reference). */
const MAX_BATCH_BYTES = 1_048_576;

type Deps = { database: DatabaseSync; queues: Queues; messages: Messages; longPoll: LongPoll };

/** Operations on messages. A batch needs the permission of its single form, as on AWS. */
export function messageOperations({ database, queues, messages, longPoll }: Deps): Record<string, Operation> {
  const queueFor = (url: string, action: string, call: Call): Queue => {
    const name = url.split('/').pop() ?? '';
    call.authorize(`sqs:${action}`, queues.arnOf(name));
    return queues.get(name);
  };
  const newMessage = (entry: requests.Message): NewMessage => ({
    body: entry.MessageBody,
    attributes: entry.MessageAttributes,
    delaySeconds: entry.DelaySeconds,
    group: entry.MessageGroupId,
    traceHeader: entry.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
  });
  const send = (queue: Queue, entry: requests.Message, sender: string) => {
    const { messageId } = messages.send(queue, newMessage(entry), sender);
    const attributes = entry.MessageAttributes;
    return {
      MessageId: messageId,
      MD5OfMessageBody: md5(entry.MessageBody),
      ...(attributes && Object.keys(attributes).length > 0 && { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    };
  };
  const within = (value: number, name: string, min: number, max: number): number => {
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw invalidParameter(value, name, `Must be between ${min} and ${max}, if provided.`);
  };

  return {
    SendMessage: operation(requests.SendMessage, (request, call) => {
      const queue = queueFor(request.QueueUrl, 'SendMessage', call);
      const answer = send(queue, request, call.principal);
      longPoll.serve(queue);
      return answer;
    }),
    SendMessageBatch: operation(requests.SendMessageBatch, (request, call) => {
      const queue = queueFor(request.QueueUrl, 'SendMessage', call);
      const size = request.Entries.reduce((sum, entry) => sum + sizeOf(newMessage(entry)), 0);
      if (size > MAX_BATCH_BYTES)
        throw sqsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${size} bytes.`,
        );
      const answer = transaction(database, () =>
        runBatch(request.Entries, (entry) => send(queue, entry, call.principal)),
      );
      longPoll.serve(queue);
      return answer;
    }),
    ReceiveMessage: operation(requests.ReceiveMessage, async (request, call) => {
      const queue = queueFor(request.QueueUrl, 'ReceiveMessage', call);
      const visibility = request.VisibilityTimeout;
      const taken = await longPoll.receive(queue, {
        max: within(request.MaxNumberOfMessages ?? 1, 'MaxNumberOfMessages', 1, 10),
        waitSeconds: within(request.WaitTimeSeconds ?? queue.settings.receiveWaitSeconds, 'WaitTimeSeconds', 0, 20),
        visibilityTimeoutSeconds:
          visibility === undefined ? undefined : within(visibility, 'VisibilityTimeout', 0, 43_200),
        signal: call.signal,
      });
      if (taken.length === 0) return {};
      const wanted = {
        attributeNames: request.MessageAttributeNames ?? [],
        systemAttributeNames: [...(request.AttributeNames ?? []), ...(request.MessageSystemAttributeNames ?? [])],
      };
      return { Messages: taken.map((one) => receivedMessage(one, wanted)) };
    }),
    DeleteMessage: operation(requests.DeleteMessage, (request, call) => {
      messages.delete(queueFor(request.QueueUrl, 'DeleteMessage', call), request.ReceiptHandle);
      return {};
    }),
    DeleteMessageBatch: operation(requests.DeleteMessageBatch, (request, call) => {
      const queue = queueFor(request.QueueUrl, 'DeleteMessage', call);
      return transaction(database, () =>
        runBatch(request.Entries, ({ ReceiptHandle }) => {
          messages.delete(queue, ReceiptHandle);
          return {};
        }),
      );
    }),
    ChangeMessageVisibility: operation(requests.ChangeMessageVisibility, (request, call) => {
      const queue = queueFor(request.QueueUrl, 'ChangeMessageVisibility', call);
      messages.changeVisibility(queue, request.ReceiptHandle, request.VisibilityTimeout);
      longPoll.serve(queue);
      return {};
    }),
    ChangeMessageVisibilityBatch: operation(requests.ChangeMessageVisibilityBatch, (request, call) => {
      const queue = queueFor(request.QueueUrl, 'ChangeMessageVisibility', call);
      const answer = transaction(database, () =>
        runBatch(request.Entries, (entry) => {
          messages.changeVisibility(queue, entry.ReceiptHandle, entry.VisibilityTimeout);
          return {};
        }),
      );
      longPoll.serve(queue);
      return answer;
    }),
    PurgeQueue: operation(requests.QueueUrl, (request, call) => {
      messages.purge(queueFor(request.QueueUrl, 'PurgeQueue', call));
      return {};
    }),
  };
}
