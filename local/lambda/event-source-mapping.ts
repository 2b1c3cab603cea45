import * as z from 'zod';
import type { Calls } from '../aws/calls.ts';
import type { ReceivedMessage, Sqs } from '../aws/sqs/sqs.ts';
import type { Clock } from '../clock.ts';
import { InvocationRefused, type Lambda } from './lambda.ts';

/** SQS hands out no more in one call. */
const MAX_RECEIVE = 10;
const LONG_POLL_SECONDS = 20;
/** Lambda starts with so many pollers and, while all of them are waiting for the function, adds 300 a minute. */
const INITIAL_POLLERS = 5;
const ADD_POLLER_EVERY_MS = 200;
/** Where the mapping sets no maximum: as many as the function has environments on this machine. */
const DEFAULT_CONCURRENCY = 100;
const THROTTLED_PAUSE_MS = 1000;

export type EventSourceMappingSettings = {
  queueName: string;
  queueArn: string;
  functionName: string;
  /** Whose calls the polls are counted as. */
  principalName: string;
  region: string;
  batchSize: number;
  /** A batch is filled for so long, virtual seconds; 0 takes what is there. */
  windowSeconds: number;
  reportsFailures: boolean;
  maxConcurrency: number | undefined;
};

type Deps = { sqs: Sqs; lambda: Pick<Lambda, 'invoke'>; clock: Clock; calls: Pick<Calls, 'record'> };

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
const BatchResponse = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/**
 * Takes messages from a queue to a function. A message is deleted when the function took it; what it failed, was
 * throttled or crashed on comes back after the queue's visibility timeout.
 * @returns what stops it; messages under way are finished by whoever stops the functions
 */
export function startEventSourceMapping(settings: EventSourceMappingSettings, { sqs, lambda, clock, calls }: Deps) {
  const { queueName, functionName, batchSize, windowSeconds } = settings;
  const stopping = new AbortController();
  const maxPollers = settings.maxConcurrency ?? DEFAULT_CONCURRENCY;
  let pollers = 0;
  let invoking = 0;
  // AWS's pollers outlive a crash of ours; those of the last process have ended with it, and what they held would be out
  // of sight for minutes.
  sqs.releaseInFlight(queueName);

  const receive = async (maxMessages: number, waitSeconds: number): Promise<ReceivedMessage[]> => {
    const messages = await sqs.receive(queueName, { maxMessages, waitSeconds, signal: stopping.signal });
    // Empty polls are not counted: how many there are depends on how long the stack has been idle.
    if (messages.length > 0) calls.record(settings.principalName, 'sqs:ReceiveMessage');
    return messages;
  };

  const receiveBatch = async (): Promise<ReceivedMessage[]> => {
    const batch = await receive(Math.min(batchSize, MAX_RECEIVE), LONG_POLL_SECONDS);
    const until = clock.now() + windowSeconds * 1000;
    while (batch.length > 0 && batch.length < batchSize && clock.now() < until && !stopping.signal.aborted) {
      const waitSeconds = Math.min(LONG_POLL_SECONDS, Math.ceil((until - clock.now()) / 1000));
      batch.push(...(await receive(Math.min(batchSize - batch.length, MAX_RECEIVE), waitSeconds)));
    }
    return batch;
  };

  const remove = (messages: readonly ReceivedMessage[]): void => {
    if (messages.length === 0) return;
    calls.record(settings.principalName, 'sqs:DeleteMessage');
    sqs.delete(
      queueName,
      messages.map((message) => message.ReceiptHandle),
    );
  };

  const deliver = async (batch: readonly ReceivedMessage[]): Promise<void> => {
    try {
      const result = await lambda.invoke(functionName, {
        Records: batch.map((message) => toRecord(message, settings)),
      });
      if ('payload' in result) remove(succeeded(batch, result.payload, settings.reportsFailures));
    } catch (error) {
      if (!(error instanceof InvocationRefused)) throw error;
      // Lambda never makes a batch larger than it takes.
      if (error.status === 413 && batch.length > 1) {
        const middle = Math.ceil(batch.length / 2);
        await deliver(batch.slice(0, middle));
        await deliver(batch.slice(middle));
      } else await clock.sleep(THROTTLED_PAUSE_MS);
    }
  };

  let adding: NodeJS.Timeout | undefined;
  const addPollerSoon = (): void => {
    if (adding || invoking < pollers || pollers >= maxPollers) return;
    adding = setTimeout(() => {
      adding = undefined;
      if (stopping.signal.aborted || invoking < pollers) return;
      void poll();
    }, ADD_POLLER_EVERY_MS).unref();
  };

  const poll = async (): Promise<void> => {
    pollers += 1;
    while (!stopping.signal.aborted) {
      const batch = await receiveBatch();
      if (batch.length === 0) {
        if (pollers > INITIAL_POLLERS) break;
        continue;
      }
      invoking += 1;
      addPollerSoon();
      await deliver(batch);
      invoking -= 1;
    }
    pollers -= 1;
  };

  for (let started = 0; started < Math.min(INITIAL_POLLERS, maxPollers); started += 1) void poll();
  return { stop: (): void => stopping.abort() };
}
export type EventSourceMapping = ReturnType<typeof startEventSourceMapping>;

/** The messages to delete. A response that cannot be understood fails the whole batch, an empty one none of it. */
function succeeded(
  batch: readonly ReceivedMessage[],
  payload: unknown,
  reportsFailures: boolean,
): readonly ReceivedMessage[] {
  if (!reportsFailures) return batch;
  const response = BatchResponse.safeParse(payload);
  if (!response.success) return [];
  const failed = new Set(response.data?.batchItemFailures?.map((failure) => failure.itemIdentifier));
  const known = new Set(batch.map((message) => message.MessageId));
  if ([...failed].some((id) => !known.has(id))) return [];
  return batch.filter((message) => !failed.has(message.MessageId));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
function toRecord(message: ReceivedMessage, { queueArn, region }: EventSourceMappingSettings) {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
    name,
    {
      ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
      ...(value.BinaryValue === undefined ? {} : { binaryValue: value.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: value.DataType,
    },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody,
    ...(message.MD5OfMessageAttributes ? { md5OfMessageAttributes: message.MD5OfMessageAttributes } : {}),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}
