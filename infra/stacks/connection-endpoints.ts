import { Duration } from 'aws-cdk-lib';
import type { StageConfig } from '../config.ts';
import type { ApiFunction } from '../constructs/api-function.ts';
import { acting, auditing, creating } from '../constructs/auditing.ts';
import type { Endpoint } from '../constructs/endpoints.ts';
import { useConnectionSecrets, useQueue, useSecret, useTable } from '../constructs/grants.ts';
import type { DataStack } from './data-stack.ts';
import type { DeliveryStack } from './delivery-stack.ts';

/** API Gateway gives up at 29 s: what happens later would be answered to nobody. */
const LONGEST = Duration.seconds(29);
/** Where Meta is called up to four times one after the other, and more follows. */
const META_STEP_TIMEOUT_MS = 4500;
/** A check that calls an endpoint is answered in time, whatever the endpoint does. */
const CHECK_TIMEOUT_MS = 10_000;

/** Numbers, their tokens and secrets, and templates: for people. */
export function connectionEndpoints(
  config: StageConfig,
  data: DataStack,
  delivery: DeliveryStack,
): Record<string, Endpoint> {
  const { meta } = config;
  const graph = {
    META_GRAPH_URL: meta.graphUrl,
    META_GRAPH_VERSION: meta.graphVersion,
    META_TIMEOUT_MS: String(META_STEP_TIMEOUT_MS),
  };
  const policy = { ENDPOINT_POLICY: config.endpointPolicy };
  const audit = auditing(data);
  const signing = (fn: ApiFunction) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning);
  const brand = (fn: ApiFunction) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['GetItem']);
  const connection = (fn: ApiFunction) => useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem']);
  const ofBrand = (fn: ApiFunction) =>
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem'], ['byBrand']);
  const health = (fn: ApiFunction) => useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem']);
  const enabling = (fn: ApiFunction) => {
    useTable(fn, 'ENDPOINTS_TABLE_NAME', data.endpoints, ['GetItem', 'UpdateItem']);
    delivery.endpointWatch.startedBy(fn, 'ENDPOINT_WATCH_ARN');
  };
  const testEvents = (fn: ApiFunction) => {
    useTable(fn, 'EVENTS_TABLE_NAME', data.events, ['PutItem']);
    useQueue(fn, 'SLOW_DELIVERIES_QUEUE_URL', delivery.slowDeliveries);
  };

  return {
    'list-connections': { impact: 'the dashboard shows no connections', uses: [signing, brand, ofBrand] },
    'get-connection': { impact: 'the dashboard cannot show a connection', uses: [connection, health] },
    'create-connection': {
      impact: 'nobody can connect a number, or give a connection a fresh token',
      timeout: LONGEST,
      environment: { ...graph, ...policy, META_APP_ID: meta.appId },
      uses: [
        audit,
        brand,
        enabling,
        testEvents,
        (fn) => useTable(fn, 'CLAIMS_TABLE_NAME', data.claims, ['GetItem', 'PutItem']),
        (fn) =>
          useTable(
            fn,
            'CONNECTIONS_TABLE_NAME',
            data.connections,
            ['GetItem', 'PutItem', 'UpdateItem'],
            ['byBrand', 'byPhoneNumberId', 'byWaba'],
          ),
        (fn) => useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query', 'PutItem', 'DeleteItem']),
        (fn) => useTable(fn, 'META_UPDATES_TABLE_NAME', data.metaUpdates, ['Query', 'DeleteItem']),
        (fn) => useQueue(fn, 'INBOUND_EVENTS_QUEUE_URL', delivery.inboundEvents),
        (fn) =>
          useConnectionSecrets(fn, [
            'GetSecretValue',
            'PutSecretValue',
            'CreateSecret',
            'RestoreSecret',
            'DeleteSecret',
          ]),
      ],
    },
    'check-connection': {
      impact: 'owners cannot check a number before they connect it',
      timeout: LONGEST,
      environment: { ...graph, ...policy, META_APP_ID: meta.appId, DELIVERY_TIMEOUT_MS: String(CHECK_TIMEOUT_MS) },
      uses: [brand, ofBrand, (fn) => useConnectionSecrets(fn)],
    },
    'update-connection': {
      impact: "nobody can change a connection's webhook URL or events",
      environment: policy,
      uses: [
        audit,
        enabling,
        (fn) => useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem', 'UpdateItem']),
      ],
    },
    'delete-connection': {
      impact: 'nobody can disconnect a number',
      timeout: LONGEST,
      environment: graph,
      uses: [
        audit,
        (fn) => useTable(fn, 'CLAIMS_TABLE_NAME', data.claims, ['DeleteItem']),
        (fn) => useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem', 'UpdateItem'], ['byWaba']),
        (fn) => useConnectionSecrets(fn, ['GetSecretValue', 'DeleteSecret']),
      ],
    },
    'rotate-secret': {
      impact: 'nobody can begin to rotate a signing secret',
      uses: [...acting(data), connection, (fn) => useConnectionSecrets(fn, ['GetSecretValue', 'PutSecretValue'])],
    },
    'promote-secret': {
      impact: 'nobody can promote a new signing secret; it promotes itself after 24 hours',
      uses: [audit, connection, (fn) => useConnectionSecrets(fn, ['GetSecretValue', 'PutSecretValue'])],
    },
    'test-connection': {
      impact: 'nobody can try a webhook endpoint from the dashboard',
      uses: [...creating(data), connection, health, testEvents],
    },
    'enable-connection': {
      impact: 'nobody can enable a webhook endpoint that was disabled; its events are held',
      uses: [audit, connection, enabling],
    },
    'list-brand-templates': {
      impact: 'the dashboard shows no templates',
      uses: [signing, brand, ofBrand, (fn) => useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query'])],
    },
    'submit-template': {
      impact: 'nobody can submit a template',
      timeout: LONGEST,
      environment: graph,
      uses: [
        ...creating(data),
        brand,
        ofBrand,
        (fn) =>
          useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']),
        (fn) => useConnectionSecrets(fn),
      ],
    },
    'sync-brand-templates': {
      impact: 'nobody can sync templates by hand; the schedule does it every six hours',
      timeout: LONGEST,
      environment: graph,
      uses: [
        audit,
        brand,
        ofBrand,
        (fn) => useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query', 'PutItem', 'DeleteItem']),
        (fn) => useConnectionSecrets(fn),
      ],
    },
    'delete-template': {
      impact: 'nobody can delete a template',
      timeout: LONGEST,
      environment: graph,
      uses: [
        audit,
        brand,
        ofBrand,
        (fn) => useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query', 'DeleteItem']),
        (fn) => useConnectionSecrets(fn),
      ],
    },
  };
}
