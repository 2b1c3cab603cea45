import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { sendAll } from '../../shared/queue.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { brandOfDelivery } from '../../shared/webhooks/delivery.ts';
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
const sqs = sqsClient();

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  sendTestEvent({
    events: eventStore(client, env.EVENTS_TABLE_NAME),
    endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
    connectionOfBrand: connectionStore(client, env.CONNECTIONS_TABLE_NAME).activeOfBrand,
    enqueue: (delivery) =>
      sendAll(sqs, env.SLOW_DELIVERIES_QUEUE_URL, [{ body: delivery, group: brandOfDelivery(delivery) }]),
    now: Date.now,
  }),
);
