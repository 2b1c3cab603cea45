import { Duration } from 'aws-cdk-lib';
import type { StageConfig } from '../config.ts';
import type { ApiFunction } from '../constructs/api-function.ts';
import { auditing } from '../constructs/auditing.ts';
import type { Endpoint } from '../constructs/endpoints.ts';
import { useQueue, useSecret, useTable } from '../constructs/grants.ts';
import type { DataStack } from './data-stack.ts';
import { backlogEnvironment } from './delivery-functions.ts';
import type { DeliveryStack } from './delivery-stack.ts';

/** What people see and do of a brand's deliveries and history: the work of the external API, with another edge. */
export function brandEndpoints(
  config: StageConfig,
  data: DataStack,
  delivery: DeliveryStack,
): Record<string, Endpoint> {
  const signing = (fn: ApiFunction) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning);
  /** Whether the brand is one of the organisation's. */
  const brand = (fn: ApiFunction) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['GetItem']);
  const connection = (fn: ApiFunction) =>
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem'], ['byBrand']);
  const endpointHealth = (fn: ApiFunction) => useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem']);

  return {
    'list-brand-events': {
      impact: 'the dashboard cannot list deliveries',
      uses: [brand, signing, (fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['Query'])],
    },
    'get-brand-event': {
      impact: 'the dashboard cannot show a delivery',
      uses: [brand, (fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem'])],
    },
    'replay-brand-event': {
      impact: 'people cannot replay an event in the dashboard',
      uses: [
        brand,
        auditing(data),
        (fn) => useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem']),
        endpointHealth,
        (fn) => useQueue(fn, 'SLOW_DELIVERIES_QUEUE_URL', delivery.slowDeliveries),
        (fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['GetItem']),
      ],
    },
    'list-brand-recoveries': {
      impact: 'the dashboard cannot list recoveries',
      uses: [brand, signing, (fn) => useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['Query'])],
    },
    'create-brand-recovery': {
      impact: 'people cannot recover failed events in the dashboard',
      // It counts for as long as it may.
      timeout: Duration.seconds(29),
      environment: backlogEnvironment(config),
      uses: [
        brand,
        auditing(data),
        connection,
        endpointHealth,
        (fn) => useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['Query']),
        (fn) => useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['PutItem', 'Query']),
        (fn) => delivery.eventRecovery.startedBy(fn, 'EVENT_RECOVERY_ARN'),
      ],
    },
    'get-brand-recovery': {
      impact: 'the dashboard cannot show how far a recovery is',
      uses: [brand, (fn) => useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['GetItem'])],
    },
    'cancel-brand-recovery': {
      impact: 'people cannot stop a recovery in the dashboard',
      uses: [
        brand,
        auditing(data),
        (fn) => useTable(fn, 'RECOVERIES_TABLE_NAME', data.recoveries, ['GetItem', 'UpdateItem']),
      ],
    },
    'list-brand-messages': {
      impact: 'the dashboard cannot list messages',
      uses: [
        brand,
        signing,
        (fn) => useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['Query', 'BatchGetItem'], ['byConversation']),
      ],
    },
    'get-brand-message': {
      impact: 'the dashboard cannot show a message',
      uses: [brand, (fn) => useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['GetItem'], ['byWaMessageId'])],
    },
    'list-brand-conversations': {
      impact: 'the dashboard cannot list conversations',
      uses: [
        brand,
        signing,
        (fn) => useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['BatchGetItem'], ['byConversation']),
        (fn) =>
          useTable(fn, 'CONVERSATIONS_TABLE_NAME', data.conversations, ['GetItem', 'BatchGetItem'], ['byLastActivity']),
      ],
    },
    'list-brand-conversation-messages': {
      impact: 'the dashboard cannot show a conversation',
      uses: [
        brand,
        signing,
        (fn) => useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['BatchGetItem'], ['byConversation']),
      ],
    },
  };
}
