import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { ApiFunction } from '../constructs/api-function.ts';
import { useQueue } from '../constructs/grants.ts';
import { DeadLetterQueue, QueueWorker } from '../constructs/queue-worker.ts';
import { WaitLoop } from '../constructs/wait-loop.ts';
import type { DataStack } from './data-stack.ts';
import * as functions from './delivery-functions.ts';
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
    const recordEvent = functions.recordEvent(this, data);
    const deliverEvent = functions.deliverEvent(this, data);
    const retryEvent = functions.retryEvent(this, data);
    const watchEndpoint = functions.watchEndpoint(this, data);
    const recoverEvents = functions.recoverEvents(this, data);
    const parkOrRecover = functions.parkOrRecover(this, data);

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
      visibilityTimeout: sixTimes(functions.RECORD_TIMEOUT),
    });
    const deliveries = new QueueWorker(this, 'Deliveries', {
      name: 'deliveries',
      impact: 'tenants are told of events late',
      severity: 'page',
      worker: deliverEvent,
      deadLetterQueue: failedDeliveries,
      visibilityTimeout: sixTimes(functions.DELIVER_TIMEOUT),
      maxConcurrency: config.delivery.fastConcurrency,
    });
    // A lane of its own, so that nothing waits behind an endpoint that hangs, a replay or a recovery (contract §7).
    const slowDeliveries = new QueueWorker(this, 'SlowDeliveries', {
      name: 'slow-deliveries',
      impact: 'tenants with slow endpoints, replays and recoveries are late',
      worker: retryEvent,
      deadLetterQueue: failedDeliveries,
      visibilityTimeout: sixTimes(functions.DELIVER_TIMEOUT),
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
      visibilityTimeout: functions.PARK_TIMEOUT,
    });

    const inboundMedia = new QueueWorker(this, 'InboundMedia', {
      name: 'inbound-media',
      impact: 'files people send can be fetched late',
      worker: functions.copyMedia(this, data),
      deadLetterQueue: new DeadLetterQueue(this, 'InboundMediaDlq', {
        name: 'inbound-media-dlq',
        impact: 'files people sent were not taken over, and Meta deletes them after 7 days',
      }),
      // A minute between tries: a throttle of Meta's passes, and so does a link that died. A copy may be made twice, so
      // the time of one is enough; and half an hour of tries outlives most outages of Meta's.
      visibilityTimeout: functions.COPY_TIMEOUT,
      maxReceiveCount: 30,
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
    this.eventRecovery.startedBy(recoverEvents, 'EVENT_RECOVERY_ARN');
    this.deliveries = deliveries.queue;
    new CfnOutput(this, 'InboundEventsDlqUrl', { value: inboundEventsDlq.queue.queueUrl });
    new CfnOutput(this, 'FailedDeliveriesUrl', { value: failedDeliveries.queue.queueUrl });
  }

  private retryLadder(worker: ApiFunction): WaitLoop {
    return new WaitLoop(this, 'RetryLadder', {
      name: functions.RETRY_LADDER,
      comment: 'One event to one endpoint, until delivered or exhausted',
      impact: 'events whose ladder broke stay retrying: their tenants are not told until somebody replays them',
      worker,
      endedBy: 'LadderEnded',
      timeout: LADDER_TIMEOUT,
    });
  }

  private watchLoop(worker: ApiFunction): WaitLoop {
    return new WaitLoop(this, 'EndpointWatch', {
      name: functions.ENDPOINT_WATCH,
      comment: 'One endpoint of which events are held, until nothing is held any more',
      impact: 'an endpoint is not probed, and what is held for it is not released',
      worker,
      endedBy: 'LoopEnded',
      timeout: LOOP_TIMEOUT,
    });
  }

  private recoveryLoop(worker: ApiFunction): WaitLoop {
    return new WaitLoop(this, 'EventRecovery', {
      name: functions.EVENT_RECOVERY,
      comment: 'One bulk recovery, until all its events are on their way',
      impact: 'a recovery that a tenant asked for has stopped half-way',
      worker,
      endedBy: 'LoopEnded',
      timeout: LOOP_TIMEOUT,
    });
  }
}

/** Two calls to one endpoint at once in each container: a batch of four hanging ones is over in 30 s. */
const SLOW_BATCH_SIZE = 4;

/**
 * Seven rungs take 7.2 h, with jitter 8.7 h, and up to 43 h when an endpoint asks for 6 h (`Retry-After`) every time.
 * The rest is for faults of our own, which are retried.
 */
const LADDER_TIMEOUT = Duration.days(3);

/** An endpoint is dead for 72 h before it is disabled; then a release may take its time. */
const LOOP_TIMEOUT = Duration.days(14);

/** AWS's advice for queues in front of Lambda: room for a throttled poller's retries before the message is handed out twice. */
const sixTimes = (timeout: Duration): Duration => Duration.seconds(6 * timeout.toSeconds());
