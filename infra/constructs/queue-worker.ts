import { Duration, Validations } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { configOf, resourceName } from '../stacks/stage-stack.ts';
import { Alarm, type Severity } from './alarm.ts';
import type { ApiFunction } from './api-function.ts';

/** The longest SQS keeps a message: time to find out what is wrong, mend it and redrive. */
const RETENTION = Duration.days(14);

export type DeadLetterQueueProps = {
  /** e.g. `failed-deliveries`; also the article in the runbook. */
  name: string;
  /** What it means that a message is here. */
  impact: string;
  /** @default `ticket`: what is here is safe for 14 days */
  severity?: Severity;
};

/** Where messages end that were refused too often. One message here fires the alarm. */
export class DeadLetterQueue extends Construct {
  readonly queue: IQueue;

  constructor(scope: Construct, id: string, { name, impact, severity }: DeadLetterQueueProps) {
    super(scope, id);
    this.queue = makeQueue(this, name, { retentionPeriod: RETENTION });
    Validations.of(this).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is the dead-letter queue: what is here waits for a person.',
    });
    const metric = this.queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    });
    new Alarm(this, 'NotEmpty', { name: `${name}-not-empty`, article: name, impact, severity, metric });
  }
}

export type QueueWorkerProps = {
  /** e.g. `deliveries`; also the article in the runbook. */
  name: string;
  /** Who notices what when messages wait too long. */
  impact: string;
  /** @default `ticket` */
  severity?: Severity;
  worker: ApiFunction;
  deadLetterQueue: DeadLetterQueue;
  /** How often a message is handed out before it goes to the dead-letter queue. @default 5 */
  maxReceiveCount?: number;
  /** How long a message that was handed out stays hidden, and so how soon one that was refused comes back. */
  visibilityTimeout: Duration;
  /** The most batches under way at once. @default as many as Lambda has room for */
  maxConcurrency?: number;
  /** Messages to a worker at once. @default 10 */
  batchSize?: number;
};

/** Messages to a worker at once: one call of Lambda for ten of SQS's, and the most that SQS hands out. */
const BATCH_SIZE = 10;

/** A message that waits longer than this is late for somebody. */
const LATE = Duration.minutes(15);

/** A queue and all that belongs to it: the worker that consumes it, redrive to a dead-letter queue, and its alarm. */
export class QueueWorker extends Construct {
  readonly queue: IQueue;

  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    this.queue = makeQueue(this, props.name, {
      visibilityTimeout: props.visibilityTimeout,
      retentionPeriod: RETENTION,
      deadLetterQueue: { queue: props.deadLetterQueue.queue, maxReceiveCount: props.maxReceiveCount ?? 5 },
    });
    props.worker.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: props.batchSize ?? BATCH_SIZE,
        // Only what failed comes back; without it one bad message would repeat nine good ones.
        reportBatchItemFailures: true,
        maxConcurrency: props.maxConcurrency,
      }),
    );
    new Alarm(this, 'Late', {
      name: `${props.name}-late`,
      article: props.name,
      impact: props.impact,
      severity: props.severity,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
      threshold: LATE.toSeconds(),
    });
    acknowledgeNoDestination(props.worker);
  }
}

const makeQueue = (scope: Construct, name: string, props: QueueProps): IQueue =>
  new Queue(scope, 'Queue', {
    queueName: resourceName(configOf(scope), name),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    ...props,
  });

function acknowledgeNoDestination(worker: ApiFunction): void {
  Validations.of(worker).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason: 'Lambda has no failure destination for SQS sources; the queue has a dead-letter queue.',
  });
}
