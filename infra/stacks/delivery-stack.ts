import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { EXHAUSTED_VISIBILITY_SECONDS } from '../../shared/webhooks/delivery.ts';
import type { StageConfig } from '../config.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { useConnectionSecrets, useQueue, useTable } from '../constructs/grants.ts';
import { DeadLetterQueue, QueueWorker } from '../constructs/queue-worker.ts';
import { faultsBesidesEndedLadders, RetryLadder } from '../constructs/retry-ladder.ts';
import type { DataStack } from './data-stack.ts';
import { StageStack } from './stage-stack.ts';

/** What happens after Meta was answered: recording events, and delivering them to tenants until they took them. */
export class DeliveryStack extends StageStack {
  /** Where receive-meta-webhook leaves what Meta sent. */
  readonly inboundEvents: IQueue;
  /** Events on their way to tenants. */
  readonly deliveries: IQueue;

  constructor(scope: Construct, id: string, config: StageConfig, data: DataStack) {
    super(scope, id, config);
    const recordEvent = this.recordEvent(data);
    const deliverEvent = this.deliverEvent(data);
    const parkOrRecover = this.parkOrRecover(data);

    const inboundEventsDlq = new DeadLetterQueue(this, 'InboundEventsDlq', {
      name: 'inbound-events-dlq',
      impact: 'messages and statuses from Meta are in no history and reach no tenant',
    });
    const failedDeliveries = new DeadLetterQueue(this, 'FailedDeliveries', {
      name: 'failed-deliveries',
      impact: 'tenants were not told of events, after every attempt',
    });

    const inboundEvents = new QueueWorker(this, 'InboundEvents', {
      name: 'inbound-events',
      impact: 'messages and statuses from Meta show late, and reach tenants late',
      worker: recordEvent,
      deadLetterQueue: inboundEventsDlq,
      visibilityTimeout: sixTimes(RECORD_TIMEOUT),
    });
    const deliveries = new QueueWorker(this, 'Deliveries', {
      name: 'deliveries',
      impact: 'tenants are told of events late',
      worker: deliverEvent,
      deadLetterQueue: failedDeliveries,
      visibilityTimeout: sixTimes(DELIVER_TIMEOUT),
      maxConcurrency: config.deliveryConcurrency,
    });
    // Its worker refuses a message on first sight, and SQS itself moves it to the dead-letter queue: only then does the
    // console's default redrive know where it came from (contract §7).
    const exhaustedDeliveries = new QueueWorker(this, 'ExhaustedDeliveries', {
      name: 'exhausted-deliveries',
      impact:
        'deliveries that failed for good are not in the dead-letter queue yet, or redriven ones do not start again',
      worker: parkOrRecover,
      deadLetterQueue: failedDeliveries,
      maxReceiveCount: 1,
      // As short as SQS and Lambda allow: how long an exhausted delivery is on its way to the dead-letter queue.
      visibilityTimeout: PARK_TIMEOUT,
    });

    useQueue(recordEvent, 'DELIVERIES_QUEUE_URL', deliveries.queue);
    useQueue(deliverEvent, 'EXHAUSTED_DELIVERIES_QUEUE_URL', exhaustedDeliveries.queue);
    useQueue(parkOrRecover, 'DELIVERIES_QUEUE_URL', deliveries.queue);
    new RetryLadder(this, 'RetryLadder', { worker: deliverEvent });

    this.inboundEvents = inboundEvents.queue;
    this.deliveries = deliveries.queue;
    new CfnOutput(this, 'InboundEventsDlqUrl', { value: inboundEventsDlq.queue.queueUrl });
    new CfnOutput(this, 'FailedDeliveriesUrl', { value: failedDeliveries.queue.queueUrl });
  }

  private recordEvent(data: DataStack): ApiFunction {
    const fn = new ApiFunction(this, 'RecordEvent', {
      name: 'record-event',
      impact: 'messages and statuses from Meta are recorded late, or end in inbound-events-dlq',
      timeout: RECORD_TIMEOUT,
    });
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem'], ['byPhoneNumberId', 'byWaba']);
    useTable(fn, 'META_UPDATES_TABLE_NAME', data.metaUpdates, ['BatchGetItem', 'PutItem']);
    useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['GetItem', 'UpdateItem']);
    useTable(fn, 'CONVERSATIONS_TABLE_NAME', data.conversations, ['UpdateItem']);
    useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['BatchGetItem', 'PutItem', 'UpdateItem'], ['byWaMessageId']);
    return fn;
  }

  private deliverEvent(data: DataStack): ApiFunction {
    const { endpointPolicy, deliveryTimeoutMs } = this.config;
    const fn = new ApiFunction(this, 'DeliverEvent', {
      name: 'deliver-event',
      impact: 'tenants are told of events late, or not at all',
      timeout: DELIVER_TIMEOUT,
      environment: { ENDPOINT_POLICY: endpointPolicy, DELIVERY_TIMEOUT_MS: String(deliveryTimeoutMs) },
      faults: faultsBesidesEndedLadders(this),
    });
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem']);
    useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem', 'PutItem', 'UpdateItem']);
    useConnectionSecrets(fn);
    return fn;
  }

  private parkOrRecover(data: DataStack): ApiFunction {
    const fn = new ApiFunction(this, 'ParkOrRecover', {
      name: 'park-or-recover',
      impact: 'deliveries that failed for good are not parked, and redriven ones do not start again',
      timeout: PARK_TIMEOUT,
    });
    useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem', 'UpdateItem']);
    return fn;
  }
}

const RECORD_TIMEOUT = Duration.seconds(30);

/** A batch is delivered at once, and an endpoint may take 15 s: the rest is for reading, writing and one slow start. */
const DELIVER_TIMEOUT = Duration.seconds(60);

const PARK_TIMEOUT = Duration.seconds(EXHAUSTED_VISIBILITY_SECONDS);

/** AWS's advice for queues in front of Lambda: room for a throttled poller's retries before the message is handed out twice. */
const sixTimes = (timeout: Duration): Duration => Duration.seconds(6 * timeout.toSeconds());
