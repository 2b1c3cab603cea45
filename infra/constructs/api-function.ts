import { existsSync } from 'node:fs';
import path from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvName } from '../../shared/env.ts';
import { configOf, resourceName } from '../stacks/stage-stack.ts';
import { Alarm, type Severity } from './alarm.ts';
import { metricNamespace } from './metric.ts';

export type Environment = Partial<Record<EnvName, string>>;

/** Faults in a metric, made from all errors of the function; above 0 for so many periods in a row fires the alarm. */
export type Faults = { of: (errors: IMetric) => IMetric; periods: number };

const everyError = (severity: Severity | undefined): Faults => ({
  of: (errors) => errors,
  // One time-out is repeated by whoever called, and wakes nobody; ten minutes of them do.
  periods: severity === 'page' ? 2 : 1,
});

export type ApiFunctionProps = {
  /** Folder below `functions/`; also the article in the runbook. */
  name: string;
  /** Who notices what when it fails; the alarm says it. */
  impact: string;
  /** Whether its faults wake somebody. @default `ticket` */
  severity?: Severity;
  /** Plain settings. Names of tables, queues and secrets come with the right to use them: see grants.ts. */
  environment?: Environment;
  /** @default 10 seconds */
  timeout?: Duration;
  /** Megabytes; the share of a processor grows with it. @default 512 */
  memory?: number;
  /** What the alarm counts, where an error of the function may be an outcome. @default every error of the function */
  faults?: Faults;
};

/** One of our Lambda functions: an endpoint, the authorizer or a worker, with its own role, logs and alarm. */
export class ApiFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: ApiFunctionProps) {
    const config = configOf(scope);
    const functionName = resourceName(config, props.name);
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: config.logRetention,
      // Made anew with the stack; what must outlive a stack is in the data stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Instead of AWS's managed policy, which may write to every log group of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

    super(scope, id, {
      functionName,
      description: `Impact when it fails: ${props.impact}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: codeOf(props.name),
      timeout: props.timeout ?? Duration.seconds(10),
      memorySize: props.memory ?? 512,
      tracing: Tracing.ACTIVE,
      logGroup,
      // Without Lambda's own lines about invocations that went well, 400 bytes each: what they say is in its metrics. Those
      // about time-outs, crashes and failed starts are warnings, and come.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      role,
      reservedConcurrentExecutions: config.reservedConcurrency?.[props.name],
      environment: {
        // Powertools' own: the service on every log line and metric.
        POWERTOOLS_SERVICE_NAME: props.name,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace(config),
        ...({ STAGE: config.name, ...props.environment } satisfies Environment),
      },
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.acknowledgeFindings(role);
    this.addAlarm(props);
  }

  private addAlarm({ name, impact, severity, faults = everyError(severity) }: ApiFunctionProps): void {
    const errors = this.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' });
    new Alarm(this, 'Errors', {
      name: `${name}-errors`,
      article: name,
      impact,
      severity,
      metric: faults.of(errors),
      periods: faults.periods,
    });
  }

  private acknowledgeFindings(role: Role): void {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources: xray:PutTraceSegments and PutTelemetryRecords can only be granted on *.',
    });
    const keptByCallers =
      'API Gateway, SQS and Step Functions wait for its answer and keep what failed; the next scheduled run makes up for one that failed.';
    Validations.of(this).acknowledge(
      { id: 'Serverless-LambdaAsyncFailureDestination', reason: keptByCallers },
      { id: 'Serverless-LambdaDLQ', reason: keptByCallers },
    );
  }
}

/** @throws when the function has not been built: a template with a missing asset would only fail at deployment */
function codeOf(name: string): Code {
  const folder = path.resolve(import.meta.dirname, '../../dist', name);
  if (!existsSync(path.join(folder, 'index.mjs'))) {
    throw new Error(`dist/${name} is missing: run "npm run build" first (functions/${name}/handler.ts must exist)`);
  }
  return Code.fromAsset(folder);
}
