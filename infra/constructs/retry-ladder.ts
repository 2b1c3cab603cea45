import { ArnFormat, Aws, Duration, Stack, Validations } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { configOf, resourceName } from '../stacks/stage-stack.ts';
import { Alarm } from './alarm.ts';
import type { ApiFunction, Faults } from './api-function.ts';

const NAME = 'retry-ladder';

/** Of every metric here. */
const PERIOD = Duration.minutes(5);

/**
 * The ladder's ARN, from its name: deliver-event starts the ladder and the ladder invokes deliver-event, so one of
 * them has to know the other before it exists.
 */
export const retryLadderArn = (scope: Construct): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: resourceName(configOf(scope), NAME),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** The worker's errors without those that ended a ladder: each of these is an execution that succeeded. */
export const faultsBesidesEndedLadders = (scope: Construct): Faults => ({
  of: (errors) =>
    new MathExpression({
      expression: 'errors - FILL(ended, 0)',
      usingMetrics: { errors, ended: executions(scope, 'ExecutionsSucceeded') },
      period: PERIOD,
    }),
  // The two can fall into neighbouring periods: once above is no news, twice is.
  periods: 2,
});

/** The worker's way to say that no attempt is left to make: an outcome, raised as an error because a Catch costs no Choice. */
const LADDER_ENDED = 'LadderEnded';

/**
 * Seven rungs take 7.2 h, with jitter 8.7 h, and up to 43 h when an endpoint asks for 6 h (`Retry-After`) every time.
 * The rest is for faults of our own, which are retried below.
 */
const TIMEOUT = Duration.days(3);

/** A fault of ours must not end a ladder: Lambda's own troubles pass in minutes, a bad deployment in hours. */
const RETRY = [
  { ErrorEquals: [LADDER_ENDED], MaxAttempts: 0 }, // first: else `States.ALL` would retry it
  {
    ErrorEquals: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    IntervalSeconds: 1,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    MaxAttempts: 200,
    JitterStrategy: 'FULL',
  },
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 5,
    BackoffRate: 2,
    MaxDelaySeconds: 900,
    MaxAttempts: 100,
    JitterStrategy: 'FULL',
  },
];

/**
 * A loop of two states: wait as long as the last attempt asked for, then make the next one. Two transitions a rung are
 * what a ladder costs, so nothing is decided in here: the worker says how long to wait, or that the ladder has ended.
 * @param functionArn deliver-event, which takes what it returned last: the input has `wait_seconds`, and so has its answer
 */
export const retryLadderDefinition = (functionArn: string) => ({
  Comment: 'One event to one endpoint, until delivered or exhausted',
  QueryLanguage: 'JSONata',
  StartAt: 'Wait',
  TimeoutSeconds: TIMEOUT.toSeconds(),
  States: {
    Wait: { Type: 'Wait', Seconds: '{% $states.input.wait_seconds %}', Next: 'Attempt' },
    Attempt: {
      Type: 'Task',
      Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
      Arguments: { FunctionName: functionArn, Payload: '{% $states.input %}' },
      Output: '{% $states.result.Payload %}',
      Retry: RETRY,
      Catch: [{ ErrorEquals: [LADDER_ENDED], Next: 'Ended' }],
      Next: 'Wait',
    },
    Ended: { Type: 'Succeed' },
  },
});

/** The later attempts of a delivery. Standard: an execution lives for hours and must start only once for its name. */
export class RetryLadder extends Construct {
  constructor(scope: Construct, id: string, { worker }: { worker: ApiFunction }) {
    super(scope, id);
    const stack = Stack.of(this);
    const machine = new StateMachine(this, 'StateMachine', {
      stateMachineName: resourceName(configOf(this), NAME),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(stack.toJsonString(retryLadderDefinition(worker.functionArn))),
    });
    // Not grantInvoke, which grants on every version and alias too.
    machine.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [worker.functionArn] }),
    );
    worker.addEnvironment('RETRY_LADDER_ARN', retryLadderArn(this));
    worker.addToRolePolicy(
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [retryLadderArn(this)] }),
    );

    new Alarm(this, 'Broken', {
      name: `${NAME}-broken`,
      article: NAME,
      impact: 'events whose ladder broke stay pending: their tenants are not told until somebody replays them',
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
        usingMetrics: {
          failed: executions(this, 'ExecutionsFailed'),
          timedOut: executions(this, 'ExecutionsTimedOut'),
          aborted: executions(this, 'ExecutionsAborted'),
        },
        period: PERIOD,
      }),
    });
    Validations.of(machine).acknowledge(
      {
        id: 'AwsSolutions-SF1',
        reason:
          'Every attempt is a log line of deliver-event and a row of the event; Step Functions keeps the history for 90 days.',
      },
      { id: 'AwsSolutions-SF2', reason: NO_TRACE },
      { id: 'Serverless-StepFunctionStateMachineXray', reason: NO_TRACE },
    );
  }
}

const NO_TRACE = 'A ladder lasts for hours and does one thing at a time; each attempt is traced by deliver-event.';

const executions = (scope: Construct, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/States',
    metricName,
    dimensionsMap: { StateMachineArn: retryLadderArn(scope) },
    statistic: 'Sum',
    period: PERIOD,
  });
