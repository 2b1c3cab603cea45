import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { Account } from '../account.ts';
import { ADMIN_ACCESS_KEY_ID } from '../account.ts';
import type { Operation } from '../wire.ts';
import { createLongPoll } from './long-poll.ts';
import { messageOperations } from './message-operations.ts';
import { createMessages } from './messages.ts';
import { createMoveTasks } from './move-tasks.ts';
import { queueAttributes, queueOperations } from './queue-operations.ts';
import { createQueues } from './queues.ts';
import { EVERYTHING, receivedMessage } from './received-message.ts';
import { createSqsStore } from './store.ts';

/** A message as SQS hands it out, in the wire's own words (the shape of the SDK's `Message`). */
export type ReceivedMessage = {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  /** System attributes, as asked for: `ApproximateReceiveCount`, `SentTimestamp`, `MessageGroupId`, … */
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, MessageAttributeValue>;
  MD5OfMessageAttributes?: string;
};
/** `BinaryValue` is base64, as on the wire. */
export type MessageAttributeValue = { DataType: string; StringValue?: string; BinaryValue?: string };

export type SendOptions = {
  body: string;
  delaySeconds?: number;
  messageGroupId?: string;
  messageAttributes?: Record<string, MessageAttributeValue>;
};
export type ReceiveOptions = {
  /** 1 to 10, default 1. */
  maxMessages?: number;
  /** Long poll in virtual seconds, 0 to 20; default: the queue's ReceiveMessageWaitTimeSeconds. */
  waitSeconds?: number;
  /** Default: the queue's VisibilityTimeout. */
  visibilityTimeoutSeconds?: number;
  /** Ends a long poll early with no message. */
  signal?: AbortSignal;
};

type Deps = {
  database: DatabaseSync;
  clock: Clock;
  account: Account;
  baseUrl: () => string;
  /** Checks, and counts as that caller's, a call made inside the process. */
  authorize(accessKeyId: string, action: string, resourceArn: string): void;
  count(accessKeyId: string, operation: string): void;
};

/** SQS with standard queues: operations of the wire, and the same inside the process. */
export function createSqs({ database, clock, account, baseUrl, authorize, count }: Deps) {
  const store = createSqsStore(database);
  const queues = createQueues(store, clock, account, baseUrl);
  const messages = createMessages(database, store, queues, clock);
  const longPoll = createLongPoll(messages, clock);
  const moveTasks = createMoveTasks({
    database,
    store,
    queues,
    messages,
    longPoll,
    clock,
    authorizeSend: (accessKeyId, queueArn) => authorize(accessKeyId, 'sqs:SendMessage', queueArn),
  });
  const operations: Record<string, Operation> = {
    ...messageOperations({ database, queues, messages, longPoll }),
    ...queueOperations({ queues, messages, moveTasks }),
  };
  const queueFor = (name: string, action: string, accessKeyId: string | undefined) => {
    if (accessKeyId !== undefined) {
      count(accessKeyId, action);
      authorize(accessKeyId, `sqs:${action}`, queues.arnOf(name));
    }
    return queues.get(name);
  };

  /**
   * SQS inside the process, for the event source mapping and for tests. Every call takes the queue's name. With
   * `accessKeyId` it is checked and counted as that principal's (the poller acts with the role of its function), without
   * it is the stack's own and free. Throws AwsError, as the wire would answer.
   */
  const api = {
    /** Creates, or when it exists replaces its attributes. Attributes as in CreateQueue: strings. */
    createQueue(queue: { name: string; attributes?: Record<string, string>; tags?: Record<string, string> }) {
      const { name, attributes = {}, tags = {} } = queue;
      const existing = queues.find(name);
      if (existing) queues.configure(existing, attributes, true);
      else queues.create(name, attributes, tags);
      return { url: queues.urlOf(name), arn: queues.arnOf(name) };
    },
    queueUrl: queues.urlOf,
    queueArn: queues.arnOf,
    queueNames: (): string[] => queues.all().map(({ name }) => name),
    send(queueName: string, message: SendOptions, accessKeyId?: string): { messageId: string } {
      const queue = queueFor(queueName, 'SendMessage', accessKeyId);
      const { body, delaySeconds, messageGroupId: group, messageAttributes: attributes } = message;
      const sent = messages.send(queue, { body, delaySeconds, group, attributes }, accessKeyId ?? ADMIN_ACCESS_KEY_ID);
      longPoll.serve(queue);
      return sent;
    },
    /** All attributes and system attributes are included. */
    async receive(queueName: string, options: ReceiveOptions = {}, accessKeyId?: string): Promise<ReceivedMessage[]> {
      const queue = queueFor(queueName, 'ReceiveMessage', accessKeyId);
      const { maxMessages: max = 1, waitSeconds = queue.settings.receiveWaitSeconds, ...poll } = options;
      const taken = await longPoll.receive(queue, { max, waitSeconds, ...poll });
      return taken.map((one) => receivedMessage(one, EVERYTHING));
    },
    /** Deletes by receipt handle; a stale handle is ignored, as SQS does. */
    delete(queueName: string, receiptHandles: string[], accessKeyId?: string): void {
      const queue = queueFor(queueName, 'DeleteMessage', accessKeyId);
      for (const handle of receiptHandles) messages.delete(queue, handle);
    },
    changeVisibility(queueName: string, receiptHandle: string, timeoutSeconds: number, accessKeyId?: string): void {
      const queue = queueFor(queueName, 'ChangeMessageVisibility', accessKeyId);
      messages.changeVisibility(queue, receiptHandle, timeoutSeconds);
      longPoll.serve(queue);
    },
    /** No call of SQS: for the pollers of a process that has ended. Messages keep their receive count. */
    releaseInFlight(queueName: string): void {
      const queue = queues.get(queueName);
      messages.releaseInFlight(queue);
      longPoll.serve(queue);
    },
    /** Attributes as GetQueueAttributes `All` answers them. */
    attributes: (queueName: string): Record<string, string> => queueAttributes(queues.get(queueName), messages),
    counts(queueName: string): { visible: number; inFlight: number; delayed: number } {
      const queue = queues.get(queueName);
      messages.settle(queue);
      return { ...queue.index.counts };
    },
  };
  const stop = (): void => {
    moveTasks.stop();
    longPoll.stop();
  };
  return { api, operations, stop };
}
export type Sqs = ReturnType<typeof createSqs>['api'];
