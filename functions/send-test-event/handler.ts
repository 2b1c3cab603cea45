import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { queueDeliveries } from '../../shared/webhooks/queue-deliveries.ts';
import { contract } from './schema.ts';
import { sendTestEvent } from './send-test-event.ts';

const env = readEnv(
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'SLOW_DELIVERIES_QUEUE_URL',
  'ERROR_DOCS_URL',
);
const client = documentClient();

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  sendTestEvent({
    events: eventStore(client, env.EVENTS_TABLE_NAME),
    endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
    connectionOfBrand: connectionStore(client, env.CONNECTIONS_TABLE_NAME).activeOfBrand,
    enqueue: queueDeliveries(sqsClient(), env.SLOW_DELIVERIES_QUEUE_URL),
    now: Date.now,
  }),
);
