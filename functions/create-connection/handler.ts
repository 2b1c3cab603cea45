import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient, secretsClient, sqsClient, stepFunctionsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { replayUnrouted } from '../../shared/events/replay-unrouted.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { accountCalls } from '../../shared/meta/account-calls.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { liveChecks } from '../../shared/onboarding/live-checks.ts';
import { sendTexts } from '../../shared/queue.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { claimStore } from '../../shared/store/claim-store.ts';
import { connectionSecrets } from '../../shared/store/connection-secrets.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { metaUpdateStore } from '../../shared/store/meta-update-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { syncTemplates } from '../../shared/templates/sync.ts';
import { enableEndpoint, endpointControl } from '../../shared/webhooks/endpoint-control.ts';
import { queueDeliveries } from '../../shared/webhooks/queue-deliveries.ts';
import { watchStarter } from '../../shared/webhooks/start-once.ts';
import { afterActivation } from './after-activation.ts';
import { createConnection } from './create-connection.ts';
import { onboard } from './onboard.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'STAGE',
  'AUDIT_LOG_TABLE_NAME',
  'BRANDS_TABLE_NAME',
  'CLAIMS_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'META_UPDATES_TABLE_NAME',
  'TEMPLATES_TABLE_NAME',
  'INBOUND_EVENTS_QUEUE_URL',
  'SLOW_DELIVERIES_QUEUE_URL',
  'ENDPOINT_WATCH_ARN',
  'ENDPOINT_POLICY',
  'META_APP_ID',
  'ERROR_DOCS_URL',
  ...GRAPH_VARIABLES,
);
/** Of 29 s: four calls of Meta before, each as long as META_TIMEOUT_MS, are the other part. */
const SYNC_LIMIT_MS = 6000;

const now = Date.now;
const client = documentClient();
const sqs = sqsClient();
const graph = graphOf(env);
const accounts = accountCalls(graph);
const endpoints = endpointStore(client, env.ENDPOINTS_TABLE_NAME);
const startWatch = watchStarter(stepFunctionsClient(), env.ENDPOINT_WATCH_ARN);
const control = endpointControl({ endpoints, startWatch, now });

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  createConnection({
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    policy: env.ENDPOINT_POLICY,
    onboard: onboard({
      checks: liveChecks({ accounts, appId: env.META_APP_ID, now }),
      accounts,
      appId: env.META_APP_ID,
      secrets: connectionSecrets(secretsClient(), env.STAGE),
      claims: claimStore(client, env.CLAIMS_TABLE_NAME),
      connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
      endpoints,
      control,
      changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, now),
      after: afterActivation({
        sync: syncTemplates({ graph, templates: templateStore(client, env.TEMPLATES_TABLE_NAME), now }),
        events: eventStore(client, env.EVENTS_TABLE_NAME),
        endpoints,
        enable: enableEndpoint({ endpoints, startWatch, now }),
        control,
        enqueue: queueDeliveries(sqs, env.SLOW_DELIVERIES_QUEUE_URL),
        replay: replayUnrouted({
          metaUpdates: metaUpdateStore(client, env.META_UPDATES_TABLE_NAME),
          enqueue: (messages) => sendTexts(sqs, env.INBOUND_EVENTS_QUEUE_URL, messages),
          now,
        }),
        syncLimitMs: SYNC_LIMIT_MS,
        now,
      }),
      now,
    }),
  }),
);
