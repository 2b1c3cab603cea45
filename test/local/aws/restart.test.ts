import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { InvokeFunction } from '../../../local/aws/server.ts';
import { startAws, type TestAws, temporaryDirectory, until } from './aws-fixture.ts';

const FUNCTION = 'arn:aws:lambda:eu-central-1:111111111111:function:work';
let directory: ReturnType<typeof temporaryDirectory>;
let aws: TestAws;
const invoke = jest.fn<InvokeFunction>();
const open = () => startAws({ path: join(directory.path, 'state.db'), invokeFunction: invoke });
/** Stops the process's part and starts it again over the same file, with the queues provisioned again. */
const restart = async () => {
  await aws.stop();
  aws = await open();
};
const machine = (States: object) => {
  aws.iam.register('role', 'role', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  const definition = { QueryLanguage: 'JSONata', StartAt: 'A', States };
  return aws.stepFunctions.createStateMachine({ name: 'machine', roleAccessKeyId: 'role', definition }).arn;
};

beforeEach(async () => {
  directory = temporaryDirectory();
  invoke.mockReset();
  aws = await open();
});
afterEach(async () => {
  await aws.stop();
  directory.remove();
});

test('messages keep their visibility, delay, receive count, group, attributes and source', async () => {
  const { arn } = aws.sqs.createQueue({ name: 'dead' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 });
  aws.sqs.createQueue({ name: 'events', attributes: { RedrivePolicy } });
  const messageAttributes = { a: { DataType: 'String', StringValue: 'v' } };
  aws.sqs.send('events', { body: 'poison' });
  await aws.sqs.receive('events', { visibilityTimeoutSeconds: 0 });
  await aws.sqs.receive('events');
  aws.sqs.send('events', { body: 'held', messageGroupId: 'brand-1', messageAttributes });
  const [held] = await aws.sqs.receive('events', { visibilityTimeoutSeconds: 60 });
  aws.sqs.send('events', { body: 'late', delaySeconds: 90 });
  const before = aws.clock.now();

  await restart();
  aws.clock.setScale(0);
  aws.clock.advance(Math.max(0, before + 30_000 - aws.clock.now()));
  expect(aws.sqs.counts('events')).toEqual({ visible: 0, inFlight: 1, delayed: 1 });
  expect((await aws.sqs.receive('dead'))[0]?.Attributes).toMatchObject({
    DeadLetterQueueSourceArn: aws.sqs.queueArn('events'),
    ApproximateReceiveCount: '2',
  });
  aws.sqs.changeVisibility('events', held?.ReceiptHandle ?? '', 0);
  // Provisioned again, here without its redrive policy, it keeps its messages.
  aws.sqs.createQueue({ name: 'events' });
  const [again] = await aws.sqs.receive('events', { visibilityTimeoutSeconds: 600 });
  expect(again).toMatchObject({ Body: 'held', MessageAttributes: messageAttributes });
  expect(again?.Attributes).toMatchObject({ ApproximateReceiveCount: '2', MessageGroupId: 'brand-1' });
  aws.clock.advance(60_000);
  expect((await aws.sqs.receive('events'))[0]?.Body).toBe('late');
});

test('a move task goes on', async () => {
  const { arn } = aws.sqs.createQueue({ name: 'dead' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 });
  aws.sqs.createQueue({ name: 'events', attributes: { RedrivePolicy } });
  for (const body of ['a', 'b', 'c']) {
    aws.sqs.send('events', { body });
    for (let receive = 0; receive < 2; receive += 1) await aws.sqs.receive('events', { visibilityTimeoutSeconds: 0 });
  }
  await aws.sqsClient().send(new StartMessageMoveTaskCommand({ SourceArn: arn, MaxNumberOfMessagesPerSecond: 1 }));
  await until(() => aws.sqs.counts('events').visible === 1);
  await restart();
  await until(() => {
    aws.clock.advance(1000);
    return aws.sqs.counts('events').visible === 3;
  });
});

test('an execution that waits keeps its time, and its definition even when the machine has a new one', async () => {
  const stateMachineArn = machine({ A: { Type: 'Wait', Seconds: 3600, Output: 'old', End: true } });
  const { executionArn } = aws.stepFunctions.startExecution({ stateMachineArn, name: 'one', input: { a: 1 } });
  await until(() => aws.stepFunctions.execution(executionArn)?.wakesAt !== undefined);
  const { wakesAt = 0 } = aws.stepFunctions.execution(executionArn) ?? {};
  await restart();
  machine({ A: { Type: 'Succeed', Output: 'new' } });
  aws.stepFunctions.resume();
  aws.stepFunctions.resume();
  expect(aws.stepFunctions.stats().running).toBe(1);
  aws.clock.advance(wakesAt - aws.clock.now() - 1);
  expect(aws.stepFunctions.execution(executionArn)?.status).toBe('RUNNING');
  aws.clock.advance(1);
  await until(() => aws.stepFunctions.stats().running === 0);
  expect(aws.stepFunctions.execution(executionArn)).toMatchObject({
    status: 'SUCCEEDED',
    output: 'old',
    transitions: 3,
  });
  const again = () => aws.stepFunctions.startExecution({ stateMachineArn, name: 'one', input: { a: 1 } });
  expect(again).toThrow('Execution Already Exists');
});

test('a task that was running runs again', async () => {
  invoke.mockImplementation(() => new Promise(() => {}));
  const stateMachineArn = machine({ A: { Type: 'Task', Resource: FUNCTION, End: true } });
  const { executionArn } = aws.stepFunctions.startExecution({ stateMachineArn });
  await until(() => invoke.mock.calls.length === 1);
  await restart();
  invoke.mockResolvedValue({ payload: 'done' });
  aws.iam.register('role', 'role', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  aws.stepFunctions.resume();
  await until(() => aws.stepFunctions.execution(executionArn)?.status === 'SUCCEEDED');
  expect(invoke).toHaveBeenCalledTimes(2);
});

test('secrets keep their values', async () => {
  const { arn } = aws.secrets.ensure({ name: 'pepper', value: 'first' });
  aws.secrets.put('pepper', 'second');
  await restart();
  expect(aws.secrets.ensure({ name: 'pepper', value: 'third' }).arn).toBe(arn);
  expect(aws.secrets.value('pepper')).toBe('second');
});

test('every message acknowledged before kill -9 is there afterwards', async () => {
  const path = join(directory.path, 'killed.db');
  const script = join(import.meta.dirname, 'send-until-killed.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  await until(() => printed.split('\n').length > 2000);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  const acknowledged = printed.split('\n').slice(0, -1).length;
  const reopened = await startAws({ path });
  expect(reopened.sqs.counts('events').visible).toBeGreaterThanOrEqual(acknowledged);
  await reopened.stop();
});
