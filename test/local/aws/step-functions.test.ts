import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { InvokeFunction } from '../../../local/aws/server.ts';
import { startAws, type TestAws, until } from './aws-fixture.ts';

const ROLE = 'ladder-role';
const FUNCTION = 'arn:aws:lambda:eu-central-1:111111111111:function:deliver-event';
const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
/** The shape of the retry ladder: a wait as long as the last attempt asked for, then the next attempt. */
const LADDER = {
  QueryLanguage: 'JSONata',
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: '{% $states.input.waitSeconds %}', Next: 'Attempt' },
    Attempt: {
      Type: 'Task',
      Resource: LAMBDA_INVOKE,
      Arguments: { FunctionName: FUNCTION, Payload: { eventId: '{% $states.input.eventId %}' } },
      Output: '{% $states.result.Payload %}',
      Catch: [{ ErrorEquals: ['LadderEnded'], Next: 'Done' }],
      Next: 'Wait',
    },
    Done: { Type: 'Succeed' },
  },
};
const RUNGS = [1, 5, 30, 120, 600, 3600, 21_600];

let aws: TestAws;
let sfn: SFNClient;
const invoke = jest.fn<InvokeFunction>();
const createMachine = (definition: object, name = 'machine') =>
  aws.stepFunctions.createStateMachine({ name, roleAccessKeyId: ROLE, definition }).arn;
const machineOf = (States: object, more: object = {}) =>
  createMachine({ QueryLanguage: 'JSONata', StartAt: 'A', States, ...more });
const start = (stateMachineArn: string, input: unknown = {}, name?: string) =>
  aws.stepFunctions.startExecution({ stateMachineArn, input, name }).executionArn;
const execution = (arn: string) => aws.stepFunctions.execution(arn);
const ended = async (arn: string) => {
  await until(() => execution(arn)?.status !== 'RUNNING');
  return execution(arn);
};
/** Waits until it waits, then passes that time. */
const wake = async (arn: string) => {
  await until(() => (execution(arn)?.wakesAt ?? 0) > aws.clock.now());
  const seconds = ((execution(arn)?.wakesAt ?? 0) - aws.clock.now()) / 1000;
  aws.clock.advance(seconds * 1000);
  return seconds;
};
const failWith = (errorType: string, errorMessage = 'no') => ({ error: { errorType, errorMessage, trace: [] } });

beforeEach(async () => {
  invoke.mockReset();
  aws = await startAws({ invokeFunction: invoke });
  aws.iam.register(ROLE, 'retry-ladder-role', [
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [FUNCTION, `${FUNCTION}:*`] },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:exhausted' },
  ]);
  sfn = aws.sfnClient();
});
afterEach(() => aws.stop());

describe('the ladder', () => {
  test('waits seven rungs in virtual time and ends by a caught, named error in 17 transitions', async () => {
    let attempt = 0;
    invoke.mockImplementation(async () => {
      attempt += 1;
      const waitSeconds = RUNGS[attempt];
      return waitSeconds === undefined ? failWith('LadderEnded') : { payload: { eventId: 'evt_1', waitSeconds } };
    });
    const arn = start(createMachine(LADDER), { eventId: 'evt_1', waitSeconds: RUNGS[0] });
    const began = aws.clock.now();
    const waited = [];
    for (const _ of RUNGS) waited.push(await wake(arn));
    expect(waited).toEqual(RUNGS);
    const done = await ended(arn);
    expect(done).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'LadderEnded' } });
    expect((done?.stoppedAt ?? 0) - began).toBe(1000 * RUNGS.reduce((sum, one) => sum + one, 0));
    expect(invoke).toHaveBeenCalledTimes(7);
    expect(invoke).toHaveBeenCalledWith('deliver-event', { eventId: 'evt_1' });
    // Start, seven times Wait and Attempt, Done, end.
    expect(done?.transitions).toBe(17);
    // Two of start and end, seven a rung, two of Done.
    expect(done?.events).toBe(53);
    expect(aws.stepFunctions.stats()).toEqual({ running: 0, waiting: 0, started: 1, transitions: 17 });
    expect(aws.calls.snapshot()['retry-ladder-role']?.['lambda:InvokeFunction']?.calls).toBe(7);
  });
});

describe('executions over the wire', () => {
  const pause = { A: { Type: 'Wait', Seconds: 60, End: true } };

  test('the same name and input gives the running execution; otherwise the name is taken', async () => {
    const stateMachineArn = machineOf(pause);
    const begin = (input: string) => sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'evt_1-1', input }));
    const first = await begin('{"a":1}');
    expect(first.startDate?.getTime()).toBe(aws.clock.now());
    aws.clock.advance(1000);
    expect(await begin('{"a":1}')).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    await expect(begin('{"a":2}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await wake(first.executionArn ?? '');
    await ended(first.executionArn ?? '');
    await expect(begin('{"a":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    expect(aws.stepFunctions.stats().started).toBe(1);
  });

  test('describes, lists and stops', async () => {
    const stateMachineArn = machineOf(pause);
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: '{"a":1}' }));
    start(stateMachineArn, {}, 'second');
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'RUNNING', input: '{"a":1}', stateMachineArn });
    await sfn.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by a test' }));
    const stopped = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(stopped).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by a test' });
    const list = (statusFilter: 'RUNNING' | 'ABORTED') =>
      sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter }));
    expect((await list('RUNNING')).executions?.map(({ name }) => name)).toEqual(['second']);
    expect((await list('ABORTED')).executions?.[0]?.executionArn).toBe(executionArn);
    const machine = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(JSON.parse(machine.definition ?? '')).toMatchObject({ StartAt: 'A', States: pause });
  });

  test.each([
    [
      'a state machine that is not there',
      { stateMachineArn: 'arn:aws:states:eu-central-1:1:stateMachine:x' },
      'StateMachineDoesNotExist',
    ],
    ['a name with a space', { name: 'a b' }, 'InvalidName'],
    ['input that is not JSON', { input: '{' }, 'InvalidExecutionInput'],
  ])('refuses %s', async (_, more, name) => {
    const stateMachineArn = machineOf(pause);
    await expect(sfn.send(new StartExecutionCommand({ stateMachineArn, ...more }))).rejects.toMatchObject({ name });
  });
});

describe('states', () => {
  test('Pass, Choice and Assign carry data, variables keep theirs', async () => {
    const arn = start(
      machineOf({
        A: {
          Type: 'Pass',
          Assign: { total: '{% $sum($states.input.items.n) %}', fixed: 'x' },
          Output: { n: '{% 2 + 3 %}' },
          Next: 'B',
        },
        B: {
          Type: 'Choice',
          Choices: [
            { Condition: '{% $total > 100 %}', Next: 'Wrong' },
            { Condition: '{% $states.input.n = 5 and $fixed = "x" %}', Assign: { branch: 'second' }, Next: 'C' },
          ],
          Default: 'Wrong',
        },
        C: {
          Type: 'Succeed',
          Output: { total: '{% $total %}', branch: '{% $branch %}', name: '{% $states.context.Execution.Name %}' },
        },
        Wrong: { Type: 'Fail', Error: 'Wrong' },
      }),
      { items: [{ n: 1 }, { n: 2 }] },
      'named',
    );
    expect((await ended(arn))?.output).toEqual({ total: 3, branch: 'second', name: 'named' });
  });

  test('Wait takes a timestamp', async () => {
    const at = new Date(aws.clock.now() + 90_000).toISOString();
    const arn = start(machineOf({ A: { Type: 'Wait', Timestamp: '{% $states.input.at %}', End: true } }), { at });
    expect(await wake(arn)).toBe(90);
    expect((await ended(arn))?.output).toEqual({ at });
  });

  test('Fail names its error and cause', async () => {
    const arn = start(
      machineOf({ A: { Type: 'Fail', Error: 'Broken', Cause: '{% "because " & $states.input.why %}' } }),
      { why: 'so' },
    );
    expect(await ended(arn)).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'because so' });
  });

  test('a task by plain function ARN gives the function its input and passes its answer on', async () => {
    invoke.mockResolvedValue({ payload: { answer: 42 } });
    const arn = start(machineOf({ A: { Type: 'Task', Resource: FUNCTION, End: true } }), { question: '?' });
    expect((await ended(arn))?.output).toEqual({ answer: 42 });
    expect(invoke).toHaveBeenCalledWith('deliver-event', { question: '?' });
  });

  test('a task sends to SQS', async () => {
    aws.sqs.createQueue({ name: 'exhausted' });
    const Arguments = {
      QueueUrl: aws.sqs.queueUrl('exhausted'),
      MessageBody: { eventId: '{% $states.input.id %}' },
      MessageGroupId: 'brand-1',
    };
    const arn = start(
      machineOf({ A: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Arguments, End: true } }),
      { id: 'evt_1' },
    );
    const done = await ended(arn);
    const [message] = await aws.sqs.receive('exhausted');
    expect(message).toMatchObject({ Body: '{"eventId":"evt_1"}', Attributes: { MessageGroupId: 'brand-1' } });
    expect(done?.output).toMatchObject({ MessageId: message?.MessageId });
  });

  test.each([
    ['an expression that gives nothing', '{% $states.input.missing %}'],
    ['an expression that fails', '{% 1 + "a" %}'],
    ['a fraction', 1.5],
    ['a fraction that was computed', '{% 3 / 2 %}'],
  ])('%s as Seconds is a query error', async (_, Seconds) => {
    const arn = start(machineOf({ A: { Type: 'Wait', Seconds, End: true } }));
    expect(await ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  test('output above 256 KiB is refused, and States.ALL does not catch it', async () => {
    invoke.mockResolvedValue({ payload: 'x'.repeat(262_145) });
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'B' }];
    const arn = start(machineOf({ A: { Type: 'Task', Resource: FUNCTION, Catch, End: true }, B: { Type: 'Succeed' } }));
    expect(await ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('a state machine has a time limit', async () => {
    const arn = start(machineOf({ A: { Type: 'Wait', Seconds: 3600, End: true } }, { TimeoutSeconds: 60 }));
    await until(() => execution(arn)?.wakesAt !== undefined);
    aws.clock.advance(60_000);
    expect(execution(arn)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });
});

describe('errors of a task', () => {
  const task = (more: object) => ({
    A: {
      Type: 'Task',
      Resource: LAMBDA_INVOKE,
      Arguments: { FunctionName: 'deliver-event', Payload: {} },
      End: true,
      ...more,
    },
    Caught: { Type: 'Pass', End: true },
  });

  test('are retried with growing intervals, each retry a transition', async () => {
    invoke.mockResolvedValueOnce(failWith('Transient')).mockResolvedValueOnce(failWith('Transient'));
    invoke.mockResolvedValueOnce({ payload: 'ok' });
    const Retry = [{ ErrorEquals: ['Transient'], IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 5 }];
    const arn = start(machineOf(task({ Retry, Output: '{% $states.context.State.RetryCount %}' })));
    expect([await wake(arn), await wake(arn)]).toEqual([10, 30]);
    expect(await ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: 2, transitions: 5, events: 13 });
  });

  test('are retried no longer than MaxDelaySeconds apart and no more often than MaxAttempts', async () => {
    invoke.mockResolvedValue(failWith('Transient', 'still'));
    const Retry = [
      {
        ErrorEquals: ['States.TaskFailed'],
        IntervalSeconds: 10,
        MaxDelaySeconds: 15,
        MaxAttempts: 2,
        JitterStrategy: 'NONE',
      },
    ];
    const arn = start(machineOf(task({ Retry })));
    expect([await wake(arn), await wake(arn)]).toEqual([10, 15]);
    const done = await ended(arn);
    expect(done).toMatchObject({ status: 'FAILED', error: 'Transient' });
    expect(JSON.parse(done?.cause ?? '')).toMatchObject({ errorType: 'Transient', errorMessage: 'still' });
  });

  test('with full jitter wait at most the interval', async () => {
    invoke.mockResolvedValueOnce(failWith('Transient')).mockResolvedValueOnce({ payload: 'ok' });
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 10, JitterStrategy: 'FULL' }];
    const arn = start(machineOf(task({ Retry })));
    expect(await wake(arn)).toBeLessThanOrEqual(10);
    expect((await ended(arn))?.status).toBe('SUCCEEDED');
  });

  test('are caught by name, with the error as output and for assignment', async () => {
    invoke.mockResolvedValue(failWith('EndpointGone', 'answered 410'));
    const Catch = [
      { ErrorEquals: ['Other'], Next: 'A' },
      {
        ErrorEquals: ['EndpointGone'],
        Assign: { why: '{% $states.errorOutput.Error %}' },
        Output: '{% $parse($states.errorOutput.Cause) %}',
        Next: 'Caught',
      },
    ];
    const done = await ended(start(machineOf(task({ Catch }))));
    expect(done).toMatchObject({ status: 'SUCCEEDED', variables: { why: 'EndpointGone' } });
    expect(done?.output).toMatchObject({ errorType: 'EndpointGone', errorMessage: 'answered 410' });
  });

  test('a function that cannot be invoked is Lambda.ServiceException, or what it is named', async () => {
    invoke.mockRejectedValueOnce(new Error('no worker'));
    const first = await ended(start(machineOf(task({}))));
    expect(first).toMatchObject({ error: 'Lambda.ServiceException', cause: 'no worker' });
    invoke.mockRejectedValueOnce(Object.assign(new Error('busy'), { name: 'Lambda.TooManyRequestsException' }));
    const second = await ended(start(machineOf(task({}))));
    expect(second?.error).toBe('Lambda.TooManyRequestsException');
  });

  test('a task that takes too long is States.Timeout, which States.TaskFailed does not catch', async () => {
    let finish = (_: { payload: unknown }) => {};
    invoke.mockImplementation(() => new Promise((resolve) => (finish = resolve)));
    const Catch = [
      { ErrorEquals: ['States.TaskFailed'], Next: 'A' },
      { ErrorEquals: ['States.Timeout'], Next: 'Caught' },
    ];
    const arn = start(machineOf(task({ TimeoutSeconds: 30, Catch })));
    await until(() => invoke.mock.calls.length === 1);
    aws.clock.advance(30_000);
    const done = await ended(arn);
    finish({ payload: 'too late' });
    expect(done).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.Timeout' } });
  });

  test('without a grant the function is not called', async () => {
    const done = await ended(
      start(machineOf({ A: { ...task({}).A, Arguments: { FunctionName: 'other', Payload: {} } } })),
    );
    expect(done).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
    expect(done?.cause).toContain('is not authorized to perform: lambda:InvokeFunction');
    expect(invoke).not.toHaveBeenCalled();
    expect(aws.log).toHaveLength(1);
  });
});

describe('what is not emulated is refused at creation, by name', () => {
  test.each([
    [
      'a state type',
      { A: { Type: 'Map', Items: [], ItemProcessor: {}, End: true } },
      'States.A.Type: state type is not emulated',
    ],
    [
      'a field',
      { A: { Type: 'Task', Resource: FUNCTION, HeartbeatSeconds: 5, End: true } },
      'States.A: not emulated by the local stack: HeartbeatSeconds',
    ],
    ['a JSONPath field', { A: { Type: 'Wait', SecondsPath: '$.s', End: true } }, 'SecondsPath'],
    [
      'a field of a retrier',
      { A: { Type: 'Task', Resource: FUNCTION, Retry: [{ ErrorEquals: ['a'], Colour: 1 }], End: true } },
      'Colour',
    ],
    [
      'a resource',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', End: true } },
      'arn:aws:states:::sns:publish',
    ],
    [
      'a resource with a callback',
      { A: { Type: 'Task', Resource: `${LAMBDA_INVOKE}.waitForTaskToken`, End: true } },
      'waitForTaskToken',
    ],
    ['a state that is not there', { A: { Type: 'Pass', Next: 'B' } }, 'A.Next: no state named B'],
    ['an expression that does not parse', { A: { Type: 'Pass', Output: '{% 1 + %}', End: true } }, 'States.A.Output'],
    ['a state with no way on', { A: { Type: 'Pass' } }, 'needs either Next or End'],
  ])('%s', (_, States, message) => {
    expect(() => machineOf(States)).toThrow(message);
  });

  test('the JSONPath query language', () => {
    expect(() => createMachine({ StartAt: 'A', States: { A: { Type: 'Succeed' } } })).toThrow('QueryLanguage');
  });
});
