import { createHash } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startAws, type TestAws, until } from './aws-fixture.ts';

let aws: TestAws;
let sqs: SQSClient;
let QueueUrl: string;
const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], ...more }))).Messages ??
  [];
const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

beforeEach(async () => {
  aws = await startAws();
  sqs = aws.sqsClient();
  QueueUrl = aws.sqs.createQueue({ name: 'events' }).url;
});
afterEach(() => aws.stop());

describe('sending and receiving', () => {
  test('hands out a message with its attributes, whose MD5 the SDK checks', async () => {
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'v' },
      number: { DataType: 'Number', StringValue: '5' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
    };
    const sent = await send('hello', { MessageAttributes, MessageGroupId: 'brand-1' });
    const [message] = await receive({ MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: 'hello', MessageAttributes });
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(message?.Attributes).toEqual({
      SenderId: 'local-admin',
      SentTimestamp: String(aws.clock.now()),
      ApproximateFirstReceiveTimestamp: String(aws.clock.now()),
      ApproximateReceiveCount: '1',
      MessageGroupId: 'brand-1',
    });
  });

  test('gives the MD5 of attributes that AWS documents', async () => {
    // By hand, after the Developer Guide: each part with its length before it, 1 for a value that is text.
    const sent = await send('x', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } });
    const part = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
    const expected = Buffer.concat([part('a'), part('String'), Buffer.from([1]), part('b')]);
    expect(sent.MD5OfMessageAttributes).toBe(createHash('md5').update(expected).digest('hex'));
  });

  test('hides a received message until its visibility timeout ends, then counts the next receive', async () => {
    await send('again');
    expect(await receive({ VisibilityTimeout: 30 })).toHaveLength(1);
    aws.clock.advance(29_999);
    expect(await receive()).toEqual([]);
    aws.clock.advance(1);
    expect((await receive())[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  test('delays a message', async () => {
    await send('late', { DelaySeconds: 2 });
    expect(aws.sqs.counts('events')).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    aws.clock.advance(2000);
    expect(bodies(await receive())).toEqual(['late']);
  });

  test('deletes by the newest receipt handle only', async () => {
    await send('kept');
    const [first] = await receive({ VisibilityTimeout: 0 });
    const [second] = await receive({ VisibilityTimeout: 0 });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect(aws.sqs.counts('events').visible).toBe(1);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    expect(aws.sqs.counts('events').visible).toBe(0);
  });

  test('changes visibility, at most to 12 hours after the receive', async () => {
    await send('later');
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }),
      );
    await change(3600);
    aws.clock.advance(3_599_000);
    expect(await receive()).toEqual([]);
    await expect(change(43_200)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await change(0);
    expect(bodies(await receive())).toEqual(['later']);
    await expect(change(10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  test('forgets messages that are older than the retention period', async () => {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { MessageRetentionPeriod: '60' } }));
    await send('old');
    aws.clock.advance(30_000);
    await send('young');
    aws.clock.advance(30_000);
    expect(aws.sqs.counts('events').visible).toBe(1);
    expect(bodies(await receive({ MaxNumberOfMessages: 10 }))).toEqual(['young']);
  });

  test('purges', async () => {
    await send('a');
    await send('b', { DelaySeconds: 10 });
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(aws.sqs.counts('events')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

describe('long poll', () => {
  test('is answered as soon as a message is sent', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await send('now');
    expect(bodies(await waiting)).toEqual(['now']);
  });

  test('is answered when a delay ends, in virtual time', async () => {
    await send('late', { DelaySeconds: 15 });
    const waiting = receive({ WaitTimeSeconds: 20 });
    await until(() => aws.calls.snapshot()['local-admin']?.['sqs:ReceiveMessage'] !== undefined);
    aws.clock.advance(15_000);
    expect(bodies(await waiting)).toEqual(['late']);
  });

  test('ends with nothing after its time', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await until(() => aws.calls.snapshot()['local-admin']?.['sqs:ReceiveMessage'] !== undefined);
    aws.clock.advance(20_000);
    expect(await waiting).toEqual([]);
  });

  test('takes no message for a caller that has hung up', async () => {
    const abort = new AbortController();
    const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: abort.signal,
    });
    await until(() => aws.calls.snapshot()['local-admin']?.['sqs:ReceiveMessage'] !== undefined);
    abort.abort();
    await expect(waiting).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await send('for somebody else');
    expect(aws.sqs.counts('events').visible).toBe(1);
  });

  test('inside the process it ends when its signal aborts', async () => {
    const abort = new AbortController();
    const waiting = aws.sqs.receive('events', { waitSeconds: 20, signal: abort.signal });
    abort.abort();
    expect(await waiting).toEqual([]);
  });

  test('serves those who wait in the order they came', async () => {
    const first = aws.sqs.receive('events', { waitSeconds: 20 });
    const second = aws.sqs.receive('events', { waitSeconds: 20 });
    aws.sqs.send('events', { body: 'one' });
    aws.sqs.send('events', { body: 'two' });
    expect([(await first)[0]?.Body, (await second)[0]?.Body]).toEqual(['one', 'two']);
  });
});

describe('message groups', () => {
  test('a noisy group does not starve quiet ones', async () => {
    for (let index = 0; index < 100; index += 1)
      aws.sqs.send('events', { body: `noisy-${index}`, messageGroupId: 'noisy' });
    aws.sqs.send('events', { body: 'quiet-1', messageGroupId: 'quiet' });
    aws.sqs.send('events', { body: 'calm-1', messageGroupId: 'calm' });
    const first = bodies(await receive({ MaxNumberOfMessages: 10 }));
    expect(first.slice(0, 4)).toEqual(['noisy-0', 'quiet-1', 'calm-1', 'noisy-1']);
    aws.sqs.send('events', { body: 'quiet-2', messageGroupId: 'quiet' });
    expect(bodies(await receive({ MaxNumberOfMessages: 3 }))).toContain('quiet-2');
  });

  test('a group keeps its own order, and every message comes once', async () => {
    for (const body of ['a1', 'a2', 'a3']) aws.sqs.send('events', { body, messageGroupId: 'a' });
    for (const body of ['b1', 'b2']) aws.sqs.send('events', { body, messageGroupId: 'b' });
    expect(bodies(await receive({ MaxNumberOfMessages: 10 }))).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
    expect(await receive()).toEqual([]);
  });
});

describe('batches', () => {
  test('each entry succeeds or fails for itself', async () => {
    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', MessageBody: 'good' },
          { Id: 'bad', MessageBody: 'bad', DelaySeconds: 901 },
        ],
      }),
    );
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(answer.Failed).toEqual([
      {
        Id: 'bad',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
      },
    ]);
    const [message] = await receive();
    const Entries = [
      { Id: 'a', ReceiptHandle: message?.ReceiptHandle },
      { Id: 'b', ReceiptHandle: 'nonsense' },
    ];
    const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect([deleted.Successful?.length, deleted.Failed?.[0]?.Code]).toEqual([1, 'ReceiptHandleIsInvalid']);
  });

  test.each([
    ['no entries', [], 'EmptyBatchRequest'],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, id) => ({ Id: `${id}`, MessageBody: 'x' })),
      'TooManyEntriesInBatchRequest',
    ],
    [
      'an id twice',
      [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'y' },
      ],
      'BatchEntryIdsNotDistinct',
    ],
    ['an id with a space', [{ Id: 'a b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    [
      'more than 1 MiB together',
      ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) })),
      'BatchRequestTooLong',
    ],
  ])('refuses %s', async (_, Entries, name) => {
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({ name });
  });
});

describe('refusals', () => {
  test('takes 1 MiB and not a byte more', async () => {
    await send('x'.repeat(1_048_576));
    await expect(send('x'.repeat(1_048_577))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test.each([
    ['an empty body', { MessageBody: '' }, 'MissingParameter'],
    ['a control character', { MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
    [
      'an attribute without a value',
      { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
      'InvalidParameterValue',
    ],
    [
      'an attribute of an unknown type',
      { MessageAttributes: { a: { DataType: 'Text', StringValue: 'b' } } },
      'InvalidParameterValue',
    ],
    ['a field of FIFO queues', { MessageDeduplicationId: 'a' }, 'ValidationException'],
  ])('refuses %s', async (_, more, name) => {
    await expect(send('x', more)).rejects.toMatchObject({ name });
  });

  test('names the field that is not emulated', async () => {
    await expect(send('x', { MessageDeduplicationId: 'a' })).rejects.toThrow(
      'not emulated by the local stack: MessageDeduplicationId',
    );
  });

  test('a missing queue answers with both of its names', async () => {
    const lost = sqs.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}-lost`, MessageBody: 'x' }));
    await expect(lost).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      $fault: 'client',
    });
  });

  test('refuses FIFO queues and unknown attributes', async () => {
    const create = (QueueName: string, Attributes: Record<string, string>) =>
      sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    await expect(create('a.fifo', { FifoQueue: 'true' })).rejects.toThrow('FIFO queues are not emulated');
    await expect(create('a', { Colour: 'blue' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
    await expect(create('a', { DelaySeconds: '901' })).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
    await expect(create('events', { DelaySeconds: '5' })).rejects.toMatchObject({ name: 'QueueNameExists' });
  });
});

test('queues are found, listed and described', async () => {
  aws.sqs.createQueue({ name: 'other', attributes: { VisibilityTimeout: '90' } });
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'other' }))).QueueUrl).toBe(
    `${aws.url}/111111111111/other`,
  );
  expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'ev' }))).QueueUrls).toEqual([QueueUrl]);
  await send('x', { DelaySeconds: 5 });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({
    QueueArn: 'arn:aws:sqs:eu-central-1:111111111111:events',
    VisibilityTimeout: '30',
    ApproximateNumberOfMessagesDelayed: '1',
  });
});

test('serves a queue of 100,000 messages as fast as a small one', async () => {
  for (let index = 0; index < 100_000; index += 1)
    aws.sqs.send('events', { body: `${index}`, messageGroupId: `brand-${index % 50}` });
  const started = performance.now();
  for (let round = 0; round < 1000; round += 1) {
    const messages = await aws.sqs.receive('events', { maxMessages: 10 });
    aws.sqs.delete(
      'events',
      messages.map(({ ReceiptHandle }) => ReceiptHandle),
    );
  }
  // 10,000 messages received and deleted; a scan per receive would take minutes.
  expect(performance.now() - started).toBeLessThan(5000);
  expect(aws.sqs.counts('events').visible).toBe(90_000);
});
