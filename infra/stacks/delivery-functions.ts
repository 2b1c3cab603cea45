import { Duration } from 'aws-cdk-lib';
import { EXHAUSTED_VISIBILITY_SECONDS } from '../../shared/webhooks/delivery.ts';
import type { StageConfig } from '../config.ts';
import { ApiFunction, type Environment } from '../constructs/api-function.ts';
import { useBucket, useConnectionSecrets, useTable } from '../constructs/grants.ts';
import { faultsBesidesEndedLoops } from '../constructs/wait-loop.ts';
import type { DataStack } from './data-stack.ts';
import type { StageStack } from './stage-stack.ts';

// The functions of the stack `delivery`: what each is called, may touch and how long it may take. Queues and loops are
// in delivery-stack.ts.

/** The largest file at a slow rate, and its way into S3. */
export const COPY_TIMEOUT = Duration.minutes(1);

export const RECORD_TIMEOUT = Duration.seconds(30);

/** A batch is delivered at once, and an endpoint may take 15 s: the rest is for reading, writing and one slow start. */
export const DELIVER_TIMEOUT = Duration.seconds(60);

/** Megabytes. It waits for slow endpoints, four at once, and is paid by the megabyte for that; it has no hurry to compute. */
const RETRY_MEMORY = 256;

export const PARK_TIMEOUT = Duration.seconds(EXHAUSTED_VISIBILITY_SECONDS);

/** One turn of a watch or a recovery reads a few thousand events and sends up to a thousand. */
const TURN_TIMEOUT = Duration.seconds(60);

export const RETRY_LADDER = 'retry-ladder';
export const ENDPOINT_WATCH = 'endpoint-watch';
export const EVENT_RECOVERY = 'event-recovery';

export function copyMedia(scope: StageStack, data: DataStack): ApiFunction {
  const { meta } = scope.config;
  const fn = new ApiFunction(scope, 'CopyMedia', {
    name: 'copy-media',
    impact: 'files people send are taken over late, or end in inbound-media-dlq',
    timeout: COPY_TIMEOUT,
    // A batch of large documents is held at once.
    memory: 2048,
    environment: {
      META_GRAPH_URL: meta.graphUrl,
      META_GRAPH_VERSION: meta.graphVersion,
      META_TIMEOUT_MS: String(meta.timeoutMs),
      MEDIA_RETENTION_DAYS: String(scope.config.mediaRetentionDays),
    },
  });
  useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem'], ['byPhoneNumberId']);
  useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['UpdateItem']);
  useBucket(fn, 'MEDIA_BUCKET_NAME', data.mediaBucketName, ['PutObject']);
  useConnectionSecrets(fn);
  return fn;
}

export function recordEvent(scope: StageStack, data: DataStack): ApiFunction {
  const fn = new ApiFunction(scope, 'RecordEvent', {
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

export function deliverEvent(scope: StageStack, data: DataStack): ApiFunction {
  const fn = new ApiFunction(scope, 'DeliverEvent', {
    name: 'deliver-event',
    impact: 'tenants are told of events late, or not at all',
    severity: 'page',
    timeout: DELIVER_TIMEOUT,
    environment: deliveryEnvironment(scope, 'fast'),
  });
  mayDeliver(fn, data);
  return fn;
}

export function retryEvent(scope: StageStack, data: DataStack): ApiFunction {
  const fn = new ApiFunction(scope, 'RetryEvent', {
    name: 'retry-event',
    impact: 'tenants with slow endpoints are told late; retries, replays and recoveries stand still',
    timeout: DELIVER_TIMEOUT,
    memory: RETRY_MEMORY,
    environment: deliveryEnvironment(scope, 'slow'),
    faults: faultsBesidesEndedLoops(scope, RETRY_LADDER),
  });
  mayDeliver(fn, data);
  return fn;
}

function deliveryEnvironment(scope: StageStack, lane: 'fast' | 'slow'): Environment {
  const { endpointPolicy, deliveryTimeoutMs, delivery } = scope.config;
  return {
    ENDPOINT_POLICY: endpointPolicy,
    DELIVERY_TIMEOUT_MS: String(deliveryTimeoutMs),
    IN_FLIGHT_PER_ENDPOINT: String(delivery.inFlightPerContainer[lane]),
    LADDERS_PER_ENDPOINT: String(delivery.laddersPerEndpoint),
  };
}

function mayDeliver(fn: ApiFunction, data: DataStack): void {
  useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem']);
  useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem', 'UpdateItem']);
  useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem', 'PutItem', 'UpdateItem']);
  useConnectionSecrets(fn);
}

export function watchEndpoint(scope: StageStack, data: DataStack): ApiFunction {
  const fn = new ApiFunction(scope, 'WatchEndpoint', {
    name: 'watch-endpoint',
    impact: 'tenants whose endpoint works again do not get what was held for them',
    timeout: TURN_TIMEOUT,
    environment: backlogEnvironment(scope.config),
    faults: faultsBesidesEndedLoops(scope, ENDPOINT_WATCH),
  });
  useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem']);
  useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem', 'UpdateItem']);
  useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['Query']);
  return fn;
}

export function recoverEvents(scope: StageStack, data: DataStack): ApiFunction {
  const fn = new ApiFunction(scope, 'RecoverEvents', {
    name: 'recover-events',
    impact: 'recoveries that tenants asked for stand still',
    timeout: TURN_TIMEOUT,
    environment: backlogEnvironment(scope.config),
    faults: faultsBesidesEndedLoops(scope, EVENT_RECOVERY),
  });
  useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['GetItem', 'UpdateItem']);
  useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem', 'UpdateItem']);
  useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['Query']);
  return fn;
}

export function parkOrRecover(scope: StageStack, data: DataStack): ApiFunction {
  const fn = new ApiFunction(scope, 'ParkOrRecover', {
    name: 'park-or-recover',
    impact: 'deliveries that failed for good are not parked, and redriven ones do not start again',
    timeout: PARK_TIMEOUT,
  });
  useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem', 'UpdateItem']);
  return fn;
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
