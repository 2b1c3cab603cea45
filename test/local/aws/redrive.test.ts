import {
  CancelMessageMoveTaskCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  SetQueueAttributesCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startAws, type TestAws, until } from './aws-fixture.ts';

let aws: TestAws;
let sqs: SQSClient;
let deadLetterArn: string;

/** Sends a message and lets it fail until SQS has moved it. @returns its message id */
async function crash(queueName: string, body: string): Promise<string> {
  const { messageId } = aws.sqs.send(queueName, { body, messageGroupId: 'brand-1' });
  for (let receive = 0; receive < 2; receive += 1) await aws.sqs.receive(queueName, { visibilityTimeoutSeconds: 0 });
  await aws.sqs.receive(queueName);
  return messageId;
}
const start = (more: Partial<StartMessageMoveTaskCommandInput> = {}) =>
  sqs.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetterArn, ...more }));
const newestTask = async (): Promise<ListMessageMoveTasksResultEntry | undefined> =>
  (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: deadLetterArn }))).Results?.[0];
const finished = () => until(async () => !['RUNNING', 'CANCELLING'].includes((await newestTask())?.Status ?? ''));
const bodiesIn = async (queueName: string) =>
  (await aws.sqs.receive(queueName, { maxMessages: 10, visibilityTimeoutSeconds: 0 })).map(({ Body }) => Body);

beforeEach(async () => {
  aws = await startAws();
  sqs = aws.sqsClient();
  deadLetterArn = aws.sqs.createQueue({ name: 'dead' }).arn;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: '2' });
  for (const name of ['deliveries', 'exhausted']) aws.sqs.createQueue({ name, attributes: { RedrivePolicy } });
});
afterEach(() => aws.stop());

describe('SQS moves to the dead-letter queue', () => {
  test('at the receive that would exceed maxReceiveCount, keeping id, send time, count and source', async () => {
    const sentAt = aws.clock.now();
    const { messageId } = aws.sqs.send('deliveries', { body: 'poison' });
    for (const receiveCount of ['1', '2']) {
      const [message] = await aws.sqs.receive('deliveries', { visibilityTimeoutSeconds: 10 });
      expect(message?.Attributes?.ApproximateReceiveCount).toBe(receiveCount);
      aws.clock.advance(10_000);
    }
    expect(aws.sqs.counts('dead').visible).toBe(0);
    expect(await aws.sqs.receive('deliveries')).toEqual([]);
    const [dead] = await aws.sqs.receive('dead');
    expect(dead).toMatchObject({ MessageId: messageId, Body: 'poison' });
    expect(dead?.Attributes).toMatchObject({
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: '3',
      DeadLetterQueueSourceArn: aws.sqs.queueArn('deliveries'),
    });
  });

  test('and wakes who waits there', async () => {
    const waiting = aws.sqs.receive('dead', { waitSeconds: 20 });
    await crash('deliveries', 'poison');
    expect((await waiting)[0]?.Body).toBe('poison');
  });

  test('retention counts from the original send', async () => {
    aws.sqs.createQueue({ name: 'dead', attributes: { MessageRetentionPeriod: '120' } });
    aws.sqs.send('deliveries', { body: 'old' });
    aws.clock.advance(100_000);
    for (let receive = 0; receive < 3; receive += 1)
      await aws.sqs.receive('deliveries', { visibilityTimeoutSeconds: 0 });
    expect(aws.sqs.counts('dead').visible).toBe(1);
    aws.clock.advance(20_000);
    expect(aws.sqs.counts('dead').visible).toBe(0);
  });

  test('a queue says who may use it as dead-letter queue, and names its sources', async () => {
    const QueueUrl = aws.sqs.queueUrl('dead');
    const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl }));
    expect(queueUrls).toEqual(['deliveries', 'exhausted'].map(aws.sqs.queueUrl));
    const RedriveAllowPolicy = JSON.stringify({
      redrivePermission: 'byQueue',
      sourceQueueArns: [aws.sqs.queueArn('deliveries')],
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedriveAllowPolicy } }));
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: 3 });
    const attributes = { RedrivePolicy };
    expect(() => aws.sqs.createQueue({ name: 'stranger', attributes })).toThrow('does not allow this source queue');
    expect(() => aws.sqs.createQueue({ name: 'deliveries', attributes })).not.toThrow();
  });
});

describe('a move task', () => {
  test('without destination takes each message back to its own source, as a new message', async () => {
    const oldId = await crash('deliveries', 'd');
    await crash('exhausted', 'e');
    aws.clock.advance(60_000);
    const { TaskHandle } = await start();
    expect(TaskHandle).toBeTruthy();
    await finished();
    expect(await newestTask()).toEqual({
      Status: 'COMPLETED',
      SourceArn: deadLetterArn,
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
      StartedTimestamp: aws.clock.now(),
    });
    const [back] = await aws.sqs.receive('deliveries');
    expect(back?.Body).toBe('d');
    expect(back?.MessageId).not.toBe(oldId);
    expect(back?.Attributes).toEqual({
      SenderId: 'local-admin',
      MessageGroupId: 'brand-1',
      SentTimestamp: String(aws.clock.now()),
      ApproximateFirstReceiveTimestamp: String(aws.clock.now()),
      ApproximateReceiveCount: '1',
    });
    expect(await bodiesIn('exhausted')).toEqual(['e']);
    expect(await bodiesIn('dead')).toEqual([]);
  });

  test('works twice in a row for a message that fails again', async () => {
    await crash('deliveries', 'stubborn');
    for (let round = 0; round < 2; round += 1) {
      await start();
      await finished();
      expect((await newestTask())?.Status).toBe('COMPLETED');
      for (let receive = 0; receive < 2; receive += 1) {
        expect(await bodiesIn('deliveries')).toEqual(['stubborn']);
      }
      expect(await bodiesIn('deliveries')).toEqual([]);
      expect(aws.sqs.counts('dead').visible).toBe(1);
    }
  });

  test('with a destination takes them there, also those without a source', async () => {
    const DestinationArn = aws.sqs.createQueue({ name: 'custom' }).arn;
    await crash('deliveries', 'a');
    aws.sqs.send('dead', { body: 'b' });
    await start({ DestinationArn });
    await finished();
    expect(await newestTask()).toMatchObject({
      Status: 'COMPLETED',
      DestinationArn,
      ApproximateNumberOfMessagesMoved: 2,
    });
    expect(await bodiesIn('custom')).toEqual(['a', 'b']);
  });

  test('fails at a message that somebody sent to the dead-letter queue', async () => {
    await crash('deliveries', 'first');
    aws.clock.advance(1000);
    aws.sqs.send('dead', { body: 'sent by hand' });
    aws.clock.advance(1000);
    await crash('deliveries', 'last');
    await start();
    await finished();
    expect(await newestTask()).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
      ApproximateNumberOfMessagesMoved: 1,
    });
    expect(await bodiesIn('deliveries')).toEqual(['first']);
    expect(aws.sqs.counts('dead').visible).toBe(2);
  });

  test('keeps to its rate in virtual time, is the only one, and can be cancelled', async () => {
    for (const body of ['a', 'b', 'c', 'd']) await crash('deliveries', body);
    const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
    await until(() => aws.sqs.counts('deliveries').visible === 1);
    await expect(start()).rejects.toMatchObject({ name: 'UnsupportedOperation' });
    aws.clock.advance(999);
    expect(aws.sqs.counts('deliveries').visible).toBe(1);
    aws.clock.advance(1);
    expect(aws.sqs.counts('deliveries').visible).toBe(2);
    expect(await newestTask()).toMatchObject({ Status: 'RUNNING', TaskHandle, ApproximateNumberOfMessagesMoved: 2 });
    const cancelled = await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(2);
    await finished();
    aws.clock.advance(10_000);
    expect(await newestTask()).toMatchObject({ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 });
    expect(aws.sqs.counts('dead').visible).toBe(2);
    await expect(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('leaves alone what someone else is working on', async () => {
    await crash('deliveries', 'taken');
    await crash('deliveries', 'free');
    await aws.sqs.receive('dead');
    await start();
    await finished();
    expect(aws.sqs.counts('dead')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  test('only starts from a dead-letter queue that exists', async () => {
    const SourceArn = aws.sqs.queueArn('deliveries');
    await expect(start({ SourceArn })).rejects.toThrow('Source queue must be configured as a Dead Letter Queue.');
    await expect(start({ SourceArn: `${SourceArn}-lost` })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(start({ MaxNumberOfMessagesPerSecond: 501 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});
