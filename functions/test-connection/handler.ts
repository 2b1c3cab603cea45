import { CREATE_VARIABLES, creatingWith } from '../../shared/audit/wiring.ts';
import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { queueDeliveries } from '../../shared/webhooks/queue-deliveries.ts';
import { contract } from './schema.ts';
import { testConnection } from './test-connection.ts';

const env = readEnv(
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'SLOW_DELIVERIES_QUEUE_URL',
  'ERROR_DOCS_URL',
  ...CREATE_VARIABLES,
);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  testConnection({
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
    events: eventStore(client, env.EVENTS_TABLE_NAME),
    enqueue: queueDeliveries(sqsClient(), env.SLOW_DELIVERIES_QUEUE_URL),
    create: creatingWith(env, client),
    now: Date.now,
  }),
);
