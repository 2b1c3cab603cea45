import { Duration } from 'aws-cdk-lib';
import type { ApiFunction } from '../constructs/api-function.ts';
import { type Endpoint, makeFunctions } from '../constructs/endpoints.ts';
import { useBucket, useConnectionSecrets, useQueue, useSecret, useTable } from '../constructs/grants.ts';
import { knowLimits, useSendLimits } from '../constructs/send-limits.ts';
import type { DataStack } from './data-stack.ts';
import { backlogEnvironment } from './delivery-functions.ts';
import type { DeliveryStack } from './delivery-stack.ts';
import type { StageStack } from './stage-stack.ts';

/** API Gateway gives up at 29 s: what happens later would be answered to nobody. */
const SEND_TIMEOUT = Duration.seconds(29);

/**
 * Megabytes. A send waits for Meta for 300 ms, which is paid by the megabyte, and computes for 3 ms of a whole processor,
 * which memory buys shares of: less than other functions have costs 8 ms of the answer, and saves $0.75 a million.
 */
const SEND_MEMORY = 320;

export const makeEndpoints = (scope: StageStack, data: DataStack, delivery: DeliveryStack): Map<string, ApiFunction> =>
  makeFunctions(scope, endpoints(scope, data, delivery));

function endpoints({ config }: StageStack, data: DataStack, delivery: DeliveryStack): Record<string, Endpoint> {
  const meta = {
    META_GRAPH_URL: config.meta.graphUrl,
    META_GRAPH_VERSION: config.meta.graphVersion,
    META_TIMEOUT_MS: String(config.meta.timeoutMs),
  };
  const connection = (fn: ApiFunction) =>
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem'], ['byBrand']);
  const signing = (fn: ApiFunction) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning);
  const sending = [
    connection,
    signing,
    useConnectionSecrets,
    (fn: ApiFunction) => useTable(fn, 'IDEMPOTENCY_TABLE_NAME', data.idempotency, ['GetItem', 'PutItem', 'UpdateItem']),
    (fn: ApiFunction) => useSendLimits(fn, data.limits),
    // Sandbox keys: what would come from Meta comes from the sender itself.
    (fn: ApiFunction) => useQueue(fn, 'INBOUND_EVENTS_QUEUE_URL', delivery.inboundEvents),
  ];
  const writtenMessages = ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;
  const template: readonly ((fn: ApiFunction) => void)[] = [
    ...sending,
    (fn) => useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, writtenMessages),
    (fn) => useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query']),
  ];
  // The service window and the quoted message are looked at before Meta is called.
  const reply: readonly ((fn: ApiFunction) => void)[] = [
    ...sending,
    (fn) =>
      useTable(
        fn,
        'MESSAGES_TABLE_NAME',
        data.messages,
        ['GetItem', ...writtenMessages],
        ['byConversation', 'byWaMessageId'],
      ),
    (fn) => useTable(fn, 'CONVERSATIONS_TABLE_NAME', data.conversations, ['GetItem']),
  ];
  const ofConversation = (fn: ApiFunction) =>
    useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['BatchGetItem'], ['byConversation']);
  const oneMessage = (fn: ApiFunction) =>
    useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['GetItem'], ['byWaMessageId']);
  const endpointHealth = (fn: ApiFunction) => useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem']);
  const slowLane = (fn: ApiFunction) => useQueue(fn, 'SLOW_DELIVERIES_QUEUE_URL', delivery.slowDeliveries);

  return {
    'send-otp': {
      impact: 'tenants cannot send one-time passwords',
      severity: 'page',
      timeout: SEND_TIMEOUT,
      memory: SEND_MEMORY,
      environment: meta,
      uses: template,
    },
    'send-template': {
      impact: 'tenants cannot send templates',
      severity: 'page',
      timeout: SEND_TIMEOUT,
      memory: SEND_MEMORY,
      environment: meta,
      uses: template,
    },
    'reply-text': {
      impact: 'tenants cannot reply with text',
      severity: 'page',
      timeout: SEND_TIMEOUT,
      memory: SEND_MEMORY,
      environment: meta,
      uses: reply,
    },
    'reply-media': {
      impact: 'tenants cannot reply with files',
      timeout: SEND_TIMEOUT,
      memory: SEND_MEMORY,
      environment: meta,
      uses: reply,
    },
    'reply-interactive': {
      impact: 'tenants cannot reply with buttons',
      timeout: SEND_TIMEOUT,
      memory: SEND_MEMORY,
      environment: meta,
      uses: reply,
    },
    'reply-reaction': {
      impact: 'tenants cannot react to messages',
      timeout: SEND_TIMEOUT,
      memory: SEND_MEMORY,
      environment: meta,
      uses: reply,
    },
    'report-leaked-key': {
      impact: 'a leaked key cannot be shut off by whoever found it',
      uses: [
        (fn) => useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['UpdateItem']),
        (fn) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['GetItem']),
        (fn) => useTable(fn, 'AUDIT_LOG_TABLE_NAME', data.auditLog, ['PutItem']),
      ],
    },
    'mark-message-read': {
      impact: 'tenants cannot mark messages as read',
      timeout: SEND_TIMEOUT,
      environment: meta,
      uses: [connection, useConnectionSecrets, oneMessage],
    },
    'list-templates': {
      impact: 'tenants cannot list their templates',
      uses: [connection, signing, (fn) => useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query'])],
    },
    'get-template': {
      impact: 'tenants cannot look at a template',
      uses: [connection, (fn) => useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query'])],
    },
    'list-messages': {
      impact: 'tenants cannot list messages',
      uses: [
        signing,
        (fn) => useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['Query', 'BatchGetItem'], ['byConversation']),
      ],
    },
    'get-message': { impact: 'tenants cannot look at a message', uses: [oneMessage] },
    'get-message-media': {
      impact: 'tenants cannot fetch the files people send',
      uses: [oneMessage, (fn) => useBucket(fn, 'MEDIA_BUCKET_NAME', data.mediaBucketName, ['GetObject'])],
    },
    'list-conversations': {
      impact: 'tenants cannot list conversations',
      uses: [
        signing,
        ofConversation,
        (fn) =>
          useTable(fn, 'CONVERSATIONS_TABLE_NAME', data.conversations, ['GetItem', 'BatchGetItem'], ['byLastActivity']),
      ],
    },
    'list-conversation-messages': {
      impact: 'tenants cannot read conversations',
      uses: [signing, ofConversation],
    },
    'list-events': {
      impact: 'tenants cannot list their webhook events',
      uses: [signing, (fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['Query'])],
    },
    'get-event': {
      impact: 'tenants cannot look at a webhook event',
      uses: [(fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem'])],
    },
    'replay-event': {
      impact: 'tenants cannot have an event delivered once more',
      uses: [
        (fn) => useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem']),
        endpointHealth,
        slowLane,
        (fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem']),
      ],
    },
    'send-test-event': {
      impact: 'tenants cannot try their endpoint',
      uses: [connection, endpointHealth, slowLane, (fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['PutItem'])],
    },
    'create-recovery': {
      impact: 'tenants cannot recover what failed while their endpoint was down',
      // It counts for as long as it may.
      timeout: SEND_TIMEOUT,
      environment: backlogEnvironment(config),
      uses: [
        connection,
        endpointHealth,
        (fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['Query']),
        (fn) => useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['PutItem', 'Query']),
        (fn) => delivery.eventRecovery.startedBy(fn, 'EVENT_RECOVERY_ARN'),
      ],
    },
    'get-recovery': {
      impact: 'tenants cannot see how far a recovery is',
      uses: [(fn) => useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['GetItem'])],
    },
    'cancel-recovery': {
      impact: 'tenants cannot stop a recovery',
      uses: [(fn) => useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['GetItem', 'UpdateItem'])],
    },
    'get-key': {
      impact: 'tenants cannot ask what their key is',
      environment: {
        API_REQUESTS_PER_SECOND: String(config.throttle.requestsPerSecond),
        API_BURST: String(config.throttle.burst),
      },
      uses: [(fn) => useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['GetItem']), connection, knowLimits],
    },
    'get-openapi': {
      impact: 'tools cannot fetch the API document',
      environment: { OIDC_ISSUER: data.people.issuer },
      uses: [],
    },
    'receive-canary-event': {
      impact: 'our own tenant does not get its events, and the canary wakes somebody for nothing',
      uses: [
        (fn) => useSecret(fn, 'CANARY_SECRET_ARN', data.canary),
        (fn) => useTable(fn, 'CHECKPOINTS_TABLE_NAME', data.checkpoints, ['PutItem']),
      ],
    },
    'receive-meta-webhook': {
      impact: 'messages and statuses from Meta are not taken; Meta repeats them for 7 days',
      severity: 'page',
      uses: [
        (fn) => useQueue(fn, 'INBOUND_EVENTS_QUEUE_URL', delivery.inboundEvents),
        (fn) => useSecret(fn, 'META_APP_SECRET_ARN', data.metaApp),
      ],
    },
  };
}
