import type { Iam } from '../../aws/iam.ts';
import type { AwsServer } from '../../aws/server.ts';
import type { Clock } from '../../clock.ts';
import { startEventSourceMapping } from '../../lambda/event-source-mapping.ts';
import { functionNameOf, type Lambda } from '../../lambda/lambda.ts';
import { startSchedule } from '../../lambda/schedule.ts';
import type { Deployment, Resource } from '../deployment.ts';
import { accessKeyIdOf } from './roles.ts';

type FunctionResource = Resource<'AWS::Lambda::Function'>;

/** Takes the place of a variable's value, in the functions that have the variable. */
export type Overrides = Readonly<Record<string, string>>;

export function provisionFunctions(deployment: Deployment, lambda: Lambda, overrides: Overrides): void {
  for (const fn of deployment.of('AWS::Lambda::Function')) {
    const { Code, Handler, Timeout, MemorySize, ReservedConcurrentExecutions, Environment } = fn.properties;
    const codeDirectory = deployment.assets.get(Code.S3Key);
    if (!codeDirectory) throw new Error(`${fn.stack} ${fn.logicalId}: no asset has the key ${Code.S3Key}`);
    const variables = { ...Environment?.Variables };
    for (const [name, value] of Object.entries(overrides)) if (name in variables) variables[name] = value;
    lambda.register({
      name: fn.name,
      alias: fn.friendlyName,
      codeDirectory,
      handler: Handler,
      timeoutSeconds: Timeout,
      memoryMb: MemorySize,
      reservedConcurrency: ReservedConcurrentExecutions,
      accessKeyId: accessKeyIdOf(fn.friendlyName),
      awsEndpointUrl: deployment.place.awsUrl,
      variables,
    });
  }
}

type Services = { aws: AwsServer; iam: Iam; lambda: Lambda; clock: Clock };

/** What a function's role must allow, or Lambda refuses the mapping. */
const CONSUMER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Starts the pollers of all queues. @returns what stops them */
export function startEventSourceMappings(deployment: Deployment, { aws, iam, lambda, clock }: Services): () => void {
  const functions = new Map(deployment.of('AWS::Lambda::Function').map((fn) => [fn.name, fn]));
  const mappings = deployment.of('AWS::Lambda::EventSourceMapping').filter(({ properties }) => properties.Enabled);
  const started = mappings.map(({ stack, logicalId, properties }) => {
    const fn = functionOf(functions, properties.FunctionName, `${stack} ${logicalId}`);
    const queueArn = properties.EventSourceArn;
    for (const action of CONSUMER_ACTIONS) {
      if (iam.check(accessKeyIdOf(fn.friendlyName), action, queueArn).outcome === 'allowed') continue;
      throw new Error(`${stack} ${logicalId}: the role of ${fn.friendlyName} does not allow ${action} on ${queueArn}`);
    }
    if (properties.BatchSize > 10 && properties.MaximumBatchingWindowInSeconds === 0) {
      throw new Error(`${stack} ${logicalId}: a BatchSize over 10 needs MaximumBatchingWindowInSeconds of 1 or more`);
    }
    return startEventSourceMapping(
      {
        queueName: queueArn.split(':').at(-1) ?? '',
        queueArn,
        functionName: fn.name,
        principalName: fn.friendlyName,
        region: deployment.place.region,
        batchSize: properties.BatchSize,
        windowSeconds: properties.MaximumBatchingWindowInSeconds,
        reportsFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
        maxConcurrency: properties.ScalingConfig?.MaximumConcurrency,
      },
      { sqs: aws.sqs, lambda, clock, calls: aws.calls },
    );
  });
  return () => {
    for (const mapping of started) mapping.stop();
  };
}

/** Starts the scheduled rules. @returns what stops them */
export function startSchedules(deployment: Deployment, { lambda, clock }: Services): () => void {
  const { account, region } = deployment.place;
  const rules = deployment.of('AWS::Events::Rule').map(({ arn, properties }) => ({ ...properties, ruleArn: arn }));
  const schedules = deployment
    .of('AWS::Scheduler::Schedule')
    .map(({ arn, properties }) => ({ ...properties, Targets: [properties.Target], ruleArn: arn }));
  const stops = [...rules, ...schedules]
    .filter(({ State }) => State === 'ENABLED')
    .flatMap(({ Targets, ScheduleExpression, ruleArn }) =>
      Targets.map(({ Arn, Input }) => {
        if (!Arn.includes(':lambda:')) throw new Error(`${ruleArn}: only functions can be targets, not ${Arn}`);
        const run = (payload: unknown) => lambda.invoke(functionNameOf(Arn), payload);
        return startSchedule({ expression: ScheduleExpression, ruleArn, account, region, input: Input, run }, clock);
      }),
    );
  return () => {
    for (const stop of stops) stop();
  };
}

function functionOf(
  functions: ReadonlyMap<string, FunctionResource>,
  nameOrArn: string,
  where: string,
): FunctionResource {
  const found = functions.get(functionNameOf(nameOrArn));
  if (!found) throw new Error(`${where}: there is no function ${nameOrArn}`);
  return found;
}
