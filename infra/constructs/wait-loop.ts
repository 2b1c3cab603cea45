import { ArnFormat, Aws, Duration, Stack, Validations } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { EnvName } from '../../shared/env.ts';
import { configOf, resourceName } from '../stacks/stage-stack.ts';
import { Alarm } from './alarm.ts';
import type { ApiFunction, Faults } from './api-function.ts';

/** Of every metric here. */
const PERIOD = Duration.minutes(5);

/** The machine's ARN, from its name: a worker may start the loop that invokes it, so one has to know the other before it exists. */
const arnOf = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: resourceName(configOf(scope), name),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** The worker's errors without those that ended a loop: each of these is an execution that succeeded. */
export const faultsBesidesEndedLoops = (scope: Construct, name: string): Faults => ({
  of: (errors) =>
    new MathExpression({
      expression: 'errors - FILL(ended, 0)',
      usingMetrics: { errors, ended: executions(scope, name, 'ExecutionsSucceeded') },
      period: PERIOD,
    }),
  // The two can fall into neighbouring periods: once above is no news, twice is.
  periods: 2,
});

/** A fault of ours must not end a loop: Lambda's own troubles pass in minutes, a bad deployment in hours. */
const retry = (endedBy: string) => [
  { ErrorEquals: [endedBy], MaxAttempts: 0 }, // first: else `States.ALL` would retry it
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

export type WaitLoopProps = {
  /** e.g. `retry-ladder`; also the article in the runbook. */
  name: string;
  comment: string;
  /** Who notices what when an execution breaks. */
  impact: string;
  worker: ApiFunction;
  /** The name of the error by which the worker ends the loop. */
  endedBy: string;
  timeout: Duration;
};

/**
 * A loop of two states: wait as long as the worker asked for, then call it again. Two transitions a turn are what it
 * costs, so nothing is decided in here: the worker says how long to wait, or that the loop has ended.
 * @param functionArn takes what it returned last: the input has `wait_seconds`, and so has its answer
 */
const waitLoopDefinition = (functionArn: string, { comment, endedBy, timeout }: WaitLoopProps) => ({
  Comment: comment,
  QueryLanguage: 'JSONata',
  StartAt: 'Wait',
  TimeoutSeconds: timeout.toSeconds(),
  States: {
    Wait: { Type: 'Wait', Seconds: '{% $states.input.wait_seconds %}', Next: 'Attempt' },
    Attempt: {
      Type: 'Task',
      Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
      Arguments: { FunctionName: functionArn, Payload: '{% $states.input %}' },
      Output: '{% $states.result.Payload %}',
      Retry: retry(endedBy),
      // The end is raised as an error because a Catch costs no Choice.
      Catch: [{ ErrorEquals: [endedBy], Next: 'Ended' }],
      Next: 'Wait',
    },
    Ended: { Type: 'Succeed' },
  },
});

/** Something that goes on for hours, a little at a time. Standard: an execution must start only once for its name. */
export class WaitLoop extends Construct {
  private readonly machineName: string;

  constructor(scope: Construct, id: string, props: WaitLoopProps) {
    super(scope, id);
    const { name, worker } = props;
    this.machineName = name;
    const machine = new StateMachine(this, 'StateMachine', {
      stateMachineName: resourceName(configOf(this), name),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(
        Stack.of(this).toJsonString(waitLoopDefinition(worker.functionArn, props)),
      ),
    });
    // Not grantInvoke, which grants on every version and alias too.
    machine.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [worker.functionArn] }),
    );
    this.addAlarm(name, props.impact);
    Validations.of(machine).acknowledge(
      {
        id: 'AwsSolutions-SF1',
        reason: 'Every turn is a log line of its worker; Step Functions keeps the history for 90 days.',
      },
      { id: 'AwsSolutions-SF2', reason: NO_TRACE },
      { id: 'Serverless-StepFunctionStateMachineXray', reason: NO_TRACE },
    );
  }

  /** Tells a function of the loop, and lets it start one. */
  startedBy(
    fn: ApiFunction,
    variable: Extract<EnvName, 'RETRY_LADDER_ARN' | 'ENDPOINT_WATCH_ARN' | 'EVENT_RECOVERY_ARN'>,
  ) {
    const arn = arnOf(fn, this.machineName);
    fn.addEnvironment(variable, arn);
    fn.addToRolePolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [arn] }));
  }

  private addAlarm(name: string, impact: string): void {
    new Alarm(this, 'Broken', {
      name: `${name}-broken`,
      article: name,
      impact,
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
        usingMetrics: {
          failed: executions(this, name, 'ExecutionsFailed'),
          timedOut: executions(this, name, 'ExecutionsTimedOut'),
          aborted: executions(this, name, 'ExecutionsAborted'),
        },
        period: PERIOD,
      }),
    });
  }
}

const NO_TRACE = 'A loop lasts for hours and does one thing at a time; each turn is traced by its worker.';

const executions = (scope: Construct, name: string, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/States',
    metricName,
    dimensionsMap: { StateMachineArn: arnOf(scope, name) },
    statistic: 'Sum',
    period: PERIOD,
  });
