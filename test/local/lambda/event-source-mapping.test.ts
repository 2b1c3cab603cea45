import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createIam } from '../../../local/aws/iam.ts';
import { type AwsServer, startAwsServer } from '../../../local/aws/server.ts';
import {
  type EventSourceMapping,
  type EventSourceMappingSettings,
  startEventSourceMapping,
} from '../../../local/lambda/event-source-mapping.ts';
import { eventually, type LambdaFixture, startLambda } from './function-fixture.ts';

let fixture: LambdaFixture;
let aws: AwsServer;
let mapping: EventSourceMapping | undefined;

beforeEach(async () => {
  fixture = startLambda();
  aws = await startAwsServer({
    ...{ host: '127.0.0.1', port: 0, clock: fixture.clock, database: new DatabaseSync(':memory:') },
    ...{ account: '111111111111', region: 'eu-central-1', iam: createIam(), dynamodbEndpoint: 'http://127.0.0.1:1' },
    invokeFunction: fixture.lambda.invoke,
  });
  aws.sqs.createQueue({ name: 'work', attributes: { VisibilityTimeout: '60' } });
});
afterEach(async () => {
  mapping?.stop();
  await aws.stop();
  await fixture.stop();
});

const start = (settings: Partial<EventSourceMappingSettings> = {}) => {
  const all: EventSourceMappingSettings = {
    queueName: 'work',
    queueArn: aws.sqs.queueArn('work'),
    functionName: 'worker',
    principalName: 'worker',
    region: 'eu-central-1',
    batchSize: 10,
    windowSeconds: 0,
    reportsFailures: true,
    maxConcurrency: undefined,
    ...settings,
  };
  mapping = startEventSourceMapping(all, {
    sqs: aws.sqs,
    lambda: fixture.lambda,
    clock: fixture.clock,
    calls: aws.calls,
  });
};
const send = (...bodies: string[]) => {
  for (const body of bodies) aws.sqs.send('work', { body });
};
const counts = () => aws.sqs.counts('work');
const left = () => counts().visible + counts().inFlight;
const worker = () => fixture.lambda.counters().worker!;

/** Fails the messages whose body says so. */
const PARTIAL = `export const handler = async ({ Records }) => ({
  batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) })`;

describe('messages to a function', () => {
  test('come in the shape of Lambda, and are deleted when taken', async () => {
    const source = `export const handler = async (event) => { console.log(JSON.stringify(event)); }`;
    fixture.add('worker', source);
    const attribute = { DataType: 'String', StringValue: 'x' };
    aws.sqs.send('work', { body: 'hello', messageGroupId: 'brand-1', messageAttributes: { a: attribute } });
    start();
    await eventually(() => left() === 0);
    const { readFileSync } = await import('node:fs');
    const event: unknown = JSON.parse(readFileSync(`${fixture.directory}/logs/worker.log`, 'utf8'));
    expect(event).toEqual({
      Records: [
        {
          messageId: expect.any(String),
          receiptHandle: expect.any(String),
          body: 'hello',
          attributes: expect.objectContaining({ ApproximateReceiveCount: '1', MessageGroupId: 'brand-1' }),
          messageAttributes: {
            a: { stringValue: 'x', dataType: 'String', stringListValues: [], binaryListValues: [] },
          },
          md5OfBody: '5d41402abc4b2a76b9719d911017c592',
          md5OfMessageAttributes: expect.any(String),
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:eu-central-1:111111111111:work',
          awsRegion: 'eu-central-1',
        },
      ],
    });
    expect(aws.calls.snapshot().worker).toMatchObject({
      'sqs:ReceiveMessage': { calls: 1 },
      'sqs:DeleteMessage': { calls: 1 },
    });
  });

  test('only those that failed come back, after the visibility timeout', async () => {
    fixture.add('worker', PARTIAL);
    send('good', 'bad', 'good');
    start();
    await eventually(() => left() === 1 && worker().running === 0);
    const before = worker().invocations;
    fixture.clock.advance(61_000);
    await eventually(() => worker().invocations > before);
    expect(left()).toBe(1);
  });

  test.each([
    ['an unknown message', `{ batchItemFailures: [{ itemIdentifier: 'nobody' }] }`],
    ['an empty identifier', `{ batchItemFailures: [{ itemIdentifier: '' }] }`],
    ['another shape', `{ batchItemFailures: [{ id: 'x' }] }`],
  ])('a response that names %s fails the whole batch', async (_name, response) => {
    fixture.add('worker', `export const handler = async () => (${response})`);
    send('a', 'b');
    start({ maxConcurrency: 2 });
    await eventually(() => worker().invocations >= 1 && worker().running === 0);
    expect(left()).toBe(2);
  });

  test.each([
    ['nothing', 'undefined'],
    ['null', 'null'],
    ['no failures', '{ batchItemFailures: [] }'],
    ['null failures', '{ batchItemFailures: null }'],
  ])('a response with %s deletes the batch', async (_name, response) => {
    fixture.add('worker', `export const handler = async () => (${response})`);
    send('a', 'b');
    start();
    await eventually(() => left() === 0);
  });

  test('without ReportBatchItemFailures the response is not looked at', async () => {
    fixture.add('worker', PARTIAL);
    send('bad');
    start({ reportsFailures: false });
    await eventually(() => left() === 0);
  });

  test.each([
    ['an error', 'throw new Error("no")'],
    ['a crash', 'process.exit(1)'],
  ])('%s of the function leaves them for another time', async (_name, statement) => {
    fixture.add(
      'worker',
      `export const handler = async ({ Records }) => {
      if (Records[0].attributes.ApproximateReceiveCount === '1') ${statement}; }`,
    );
    send('a');
    start();
    await eventually(() => worker().errors === 1 && worker().running === 0);
    expect(counts()).toMatchObject({ visible: 0, inFlight: 1 });
    fixture.clock.advance(61_000);
    await eventually(() => left() === 0);
  });

  test('a throttled function gets them again when it has room', async () => {
    fixture.add('worker', 'export const handler = async () => {}', { reservedConcurrency: 0 });
    send('a');
    start();
    await eventually(() => worker().throttles > 0);
    expect(left()).toBe(1);
    fixture.add('worker', 'export const handler = async () => {}');
    fixture.clock.advance(1000);
    fixture.clock.advance(60_000);
    await eventually(() => left() === 0);
  });
});

describe('batches', () => {
  test('hold what is there, up to their size', async () => {
    fixture.add('worker', 'export const handler = async ({ Records }) => { console.log(Records.length); }');
    send(...Array.from({ length: 25 }, String));
    start({ maxConcurrency: 2 });
    await eventually(() => left() === 0);
    expect(worker().invocations).toBe(3);
  });

  test('are filled over the window, in virtual time', async () => {
    fixture.add('worker', 'export const handler = async () => {}');
    start({ batchSize: 50, windowSeconds: 30, maxConcurrency: 2 });
    fixture.clock.setScale(0);
    send('a');
    await new Promise((resolve) => setTimeout(resolve, 20));
    send('b', 'c');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(worker().invocations).toBe(0);
    fixture.clock.advance(31_000);
    await eventually(() => left() === 0);
    expect(worker().invocations).toBeLessThanOrEqual(2);
  });

  test('are under way at once up to the maximum concurrency', async () => {
    fixture.add('worker', 'export const handler = async () => new Promise((r) => setTimeout(r, 200))');
    send(...Array.from({ length: 8 }, String));
    start({ batchSize: 1, maxConcurrency: 3 });
    let most = 0;
    await eventually(() => {
      most = Math.max(most, worker().running);
      return left() === 0;
    });
    expect(most).toBe(3);
  });

  test('pollers are added while all wait for the function', async () => {
    fixture.add('worker', 'export const handler = async () => new Promise((r) => setTimeout(r, 1500))');
    send(...Array.from({ length: 8 }, String));
    start({ batchSize: 1, maxConcurrency: 8 });
    await eventually(() => worker().running === 8);
  });
});
