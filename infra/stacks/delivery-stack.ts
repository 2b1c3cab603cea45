import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { EXHAUSTED_VISIBILITY_SECONDS } from '../../shared/webhooks/delivery.ts';
import type { StageConfig } from '../config.ts';
import { ApiFunction, type Environment } from '../constructs/api-function.ts';
import { useBucket, useConnectionSecrets, useQueue, useTable } from '../constructs/grants.ts';
import { DeadLetterQueue, QueueWorker } from '../constructs/queue-worker.ts';
import { faultsBesidesEndedLoops, WaitLoop } from '../constructs/wait-loop.ts';
import type { DataStack } from './data-stack.ts';
import { StageStack } from './stage-stack.ts';

/** What happens after Meta was answered: recording events, and delivering them to tenants until they took them. */
export class DeliveryStack extends StageStack {
  /** Where receive-meta-webhook leaves what Meta sent. */
  readonly inboundEvents: IQueue;
  /** The slow lane: where replays, recoveries and test events are left. */
  readonly slowDeliveries: IQueue;
  /** Bulk recoveries, a little at a time. */
  readonly eventRecovery: WaitLoop;
  /** Probes endpoints, and releases what was held. */
  readonly endpointWatch: WaitLoop;
  /** Events on their way to tenants. */
  readonly deliveries: IQueue;

  constructor(scope: Construct, id: string, config: StageConfig, data: DataStack) {
    super(scope, id, config);
    const recordEvent = this.recordEvent(data);
    const deliverEvent = this.deliverEvent(data);
    const retryEvent = this.retryEvent(data);
    const watchEndpoint = this.watchEndpoint(data);
    const recoverEvents = this.recoverEvents(data);
    const parkOrRecover = this.parkOrRecover(data);

    const inboundEventsDlq = new DeadLetterQueue(this, 'InboundEventsDlq', {
      name: 'inbound-events-dlq',
      impact: 'messages and statuses from Meta are in no history and reach no tenant',
      severity: 'page',
    });
    const failedDeliveries = new DeadLetterQueue(this, 'FailedDeliveries', {
      name: 'failed-deliveries',
      impact: 'tenants were not told of events, after every attempt',
    });

    const inboundEvents = new QueueWorker(this, 'InboundEvents', {
      name: 'inbound-events',
      impact: 'messages and statuses from Meta show late, and reach tenants late',
      severity: 'page',
      worker: recordEvent,
      deadLetterQueue: inboundEventsDlq,
      visibilityTimeout: sixTimes(RECORD_TIMEOUT),
    });
    const deliveries = new QueueWorker(this, 'Deliveries', {
      name: 'deliveries',
      impact: 'tenants are told of events late',
      severity: 'page',
      worker: deliverEvent,
      deadLetterQueue: failedDeliveries,
      visibilityTimeout: sixTimes(DELIVER_TIMEOUT),
      maxConcurrency: config.delivery.fastConcurrency,
    });
    // A lane of its own, so that nothing waits behind an endpoint that hangs, a replay or a recovery (contract §7).
    const slowDeliveries = new QueueWorker(this, 'SlowDeliveries', {
      name: 'slow-deliveries',
      impact: 'tenants with slow endpoints, replays and recoveries are late',
      worker: retryEvent,
      deadLetterQueue: failedDeliveries,
      visibilityTimeout: sixTimes(DELIVER_TIMEOUT),
      maxConcurrency: config.delivery.slowConcurrency,
      batchSize: SLOW_BATCH_SIZE,
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

    const inboundMedia = new QueueWorker(this, 'InboundMedia', {
      name: 'inbound-media',
      impact: 'files people send can be fetched late',
      worker: this.copyMedia(data),
      deadLetterQueue: new DeadLetterQueue(this, 'InboundMediaDlq', {
        name: 'inbound-media-dlq',
        impact: 'files people sent were not taken over, and Meta deletes them after 7 days',
      }),
      // A minute between tries: a throttle of Meta's passes, and so does a link that died.
      visibilityTimeout: sixTimes(COPY_TIMEOUT),
    });
    useQueue(recordEvent, 'INBOUND_MEDIA_QUEUE_URL', inboundMedia.queue);
    useQueue(recordEvent, 'DELIVERIES_QUEUE_URL', deliveries.queue);
    for (const lane of [deliverEvent, retryEvent])
      useQueue(lane, 'EXHAUSTED_DELIVERIES_QUEUE_URL', exhaustedDeliveries.queue);
    for (const sender of [deliverEvent, retryEvent, watchEndpoint, recoverEvents, parkOrRecover])
      useQueue(sender, 'SLOW_DELIVERIES_QUEUE_URL', slowDeliveries.queue);

    const ladder = this.retryLadder(retryEvent);
    const watch = this.watchLoop(watchEndpoint);
    for (const lane of [deliverEvent, retryEvent]) {
      ladder.startedBy(lane, 'RETRY_LADDER_ARN');
      watch.startedBy(lane, 'ENDPOINT_WATCH_ARN');
    }
    watch.startedBy(watchEndpoint, 'ENDPOINT_WATCH_ARN');

    this.inboundEvents = inboundEvents.queue;
    this.slowDeliveries = slowDeliveries.queue;
    this.endpointWatch = watch;
    this.eventRecovery = this.recoveryLoop(recoverEvents);
    this.deliveries = deliveries.queue;
    new CfnOutput(this, 'InboundEventsDlqUrl', { value: inboundEventsDlq.queue.queueUrl });
    new CfnOutput(this, 'FailedDeliveriesUrl', { value: failedDeliveries.queue.queueUrl });
  }

  private copyMedia(data: DataStack): ApiFunction {
    const { meta } = this.config;
    const fn = new ApiFunction(this, 'CopyMedia', {
      name: 'copy-media',
      impact: 'files people send are taken over late, or end in inbound-media-dlq',
      timeout: COPY_TIMEOUT,
      // A batch of large documents is held at once.
      memory: 2048,
      environment: {
        META_GRAPH_URL: meta.graphUrl,
        META_GRAPH_VERSION: meta.graphVersion,
        META_TIMEOUT_MS: String(meta.timeoutMs),
        MEDIA_RETENTION_DAYS: String(this.config.mediaRetentionDays),
      },
    });
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem'], ['byPhoneNumberId']);
    useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['UpdateItem']);
    useBucket(fn, 'MEDIA_BUCKET_NAME', data.mediaBucketName, ['PutObject']);
    useConnectionSecrets(fn);
    return fn;
  }

  private recordEvent(data: DataStack): ApiFunction {
    const fn = new ApiFunction(this, 'RecordEvent', {
      name: 'record-event',
      impact: 'messages and statuses from Meta are recorded late, or end in inbound-events-dlq',
      severity: 'page',
      timeout: RECORD_TIMEOUT,
    });
    useTable(
      fn,
      'CONNECTIONS_TABLE_NAME',
      data.connections,
      ['GetItem', 'UpdateItem'],
      ['byBrand', 'byPhoneNumberId', 'byWaba'],
    );
    useTable(fn, 'AUDIT_LOG_TABLE_NAME', data.auditLog, ['PutItem']);
    useTable(fn, 'META_UPDATES_TABLE_NAME', data.metaUpdates, ['BatchGetItem', 'PutItem']);
    useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['GetItem', 'UpdateItem']);
    useTable(fn, 'CONVERSATIONS_TABLE_NAME', data.conversations, ['UpdateItem']);
    useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['BatchGetItem', 'PutItem', 'UpdateItem'], ['byWaMessageId']);
    return fn;
  }

  private deliverEvent(data: DataStack): ApiFunction {
    const fn = new ApiFunction(this, 'DeliverEvent', {
      name: 'deliver-event',
      impact: 'tenants are told of events late, or not at all',
      severity: 'page',
      timeout: DELIVER_TIMEOUT,
      environment: this.deliveryEnvironment('fast'),
    });
    this.mayDeliver(fn, data);
    return fn;
  }

  private retryEvent(data: DataStack): ApiFunction {
    const fn = new ApiFunction(this, 'RetryEvent', {
      name: 'retry-event',
      impact: 'tenants with slow endpoints are told late; retries, replays and recoveries stand still',
      timeout: DELIVER_TIMEOUT,
      environment: this.deliveryEnvironment('slow'),
      faults: faultsBesidesEndedLoops(this, RETRY_LADDER),
    });
    this.mayDeliver(fn, data);
    return fn;
  }

  private deliveryEnvironment(lane: 'fast' | 'slow'): Environment {
    const { endpointPolicy, deliveryTimeoutMs, delivery } = this.config;
    return {
      ENDPOINT_POLICY: endpointPolicy,
      DELIVERY_TIMEOUT_MS: String(deliveryTimeoutMs),
      IN_FLIGHT_PER_ENDPOINT: String(delivery.inFlightPerContainer[lane]),
      LADDERS_PER_ENDPOINT: String(delivery.laddersPerEndpoint),
    };
  }

  private mayDeliver(fn: ApiFunction, data: DataStack): void {
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem']);
    useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem', 'UpdateItem']);
    useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem', 'PutItem', 'UpdateItem']);
    useConnectionSecrets(fn);
  }

  private watchEndpoint(data: DataStack): ApiFunction {
    const fn = new ApiFunction(this, 'WatchEndpoint', {
      name: 'watch-endpoint',
      impact: 'tenants whose endpoint works again do not get what was held for them',
      timeout: TURN_TIMEOUT,
      environment: backlogEnvironment(this.config),
      faults: faultsBesidesEndedLoops(this, ENDPOINT_WATCH),
    });
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem']);
    useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem', 'UpdateItem']);
    useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['Query']);
    return fn;
  }

  private recoverEvents(data: DataStack): ApiFunction {
    const fn = new ApiFunction(this, 'RecoverEvents', {
      name: 'recover-events',
      impact: 'recoveries that tenants asked for stand still',
      timeout: TURN_TIMEOUT,
      environment: backlogEnvironment(this.config),
      faults: faultsBesidesEndedLoops(this, EVENT_RECOVERY),
    });
    useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['GetItem', 'UpdateItem']);
    useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem']);
    useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['Query', 'UpdateItem']);
    return fn;
  }

  private retryLadder(worker: ApiFunction): WaitLoop {
    return new WaitLoop(this, 'RetryLadder', {
      name: RETRY_LADDER,
      comment: 'One event to one endpoint, until delivered or exhausted',
      impact: 'events whose ladder broke stay pending: their tenants are not told until somebody replays them',
      worker,
      endedBy: 'LadderEnded',
      timeout: LADDER_TIMEOUT,
    });
  }

  private watchLoop(worker: ApiFunction): WaitLoop {
    return new WaitLoop(this, 'EndpointWatch', {
      name: ENDPOINT_WATCH,
      comment: 'One endpoint of which events are held, until nothing is held any more',
      impact: 'an endpoint is not probed, and what is held for it is not released',
      worker,
      endedBy: 'LoopEnded',
      timeout: LOOP_TIMEOUT,
    });
  }

  private recoveryLoop(worker: ApiFunction): WaitLoop {
    return new WaitLoop(this, 'EventRecovery', {
      name: EVENT_RECOVERY,
      comment: 'One bulk recovery, until all its events are on their way',
      impact: 'a recovery that a tenant asked for has stopped half-way',
      worker,
      endedBy: 'LoopEnded',
      timeout: LOOP_TIMEOUT,
    });
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

/** How fast what was held or failed may be delivered: for releases and recoveries. */
export function backlogEnvironment({ delivery }: StageConfig): Environment {
  const { inFlightPerContainer, slowConcurrency, laddersPerEndpoint, eventsPerSecond } = delivery;
  return {
    ENDPOINT_EVENTS_PER_SECOND: String(eventsPerSecond),
    SLOW_IN_FLIGHT_PER_ENDPOINT: String(inFlightPerContainer.slow * slowConcurrency),
    LADDERS_PER_ENDPOINT: String(laddersPerEndpoint),
  };
}

/** The largest file at a slow rate, and its way into S3. */
const COPY_TIMEOUT = Duration.minutes(1);

const RECORD_TIMEOUT = Duration.seconds(30);

/** A batch is delivered at once, and an endpoint may take 15 s: the rest is for reading, writing and one slow start. */
const DELIVER_TIMEOUT = Duration.seconds(60);

const PARK_TIMEOUT = Duration.seconds(EXHAUSTED_VISIBILITY_SECONDS);

/** Two calls to one endpoint at once in each container: a batch of four hanging ones is over in 30 s. */
const SLOW_BATCH_SIZE = 4;

/** One turn of a watch or a recovery reads a few thousand events and sends up to a thousand. */
const TURN_TIMEOUT = Duration.seconds(60);

const RETRY_LADDER = 'retry-ladder';
const ENDPOINT_WATCH = 'endpoint-watch';
const EVENT_RECOVERY = 'event-recovery';

/**
 * Seven rungs take 7.2 h, with jitter 8.7 h, and up to 43 h when an endpoint asks for 6 h (`Retry-After`) every time.
 * The rest is for faults of our own, which are retried.
 */
const LADDER_TIMEOUT = Duration.days(3);

/** An endpoint is dead for 72 h before it is disabled; then a release may take its time. */
const LOOP_TIMEOUT = Duration.days(14);

/** AWS's advice for queues in front of Lambda: room for a throttled poller's retries before the message is handed out twice. */
const sixTimes = (timeout: Duration): Duration => Duration.seconds(6 * timeout.toSeconds());
