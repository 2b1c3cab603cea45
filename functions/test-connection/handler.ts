import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient, sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { sendAll } from '../../shared/queue.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { brandOfDelivery } from '../../shared/webhooks/delivery.ts';
import { contract } from './schema.ts';
import { testConnection } from './test-connection.ts';

const env = readEnv(
  'AUDIT_LOG_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'SLOW_DELIVERIES_QUEUE_URL',
  'ERROR_DOCS_URL',
);
const client = documentClient();
const sqs = sqsClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  testConnection({
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
    events: eventStore(client, env.EVENTS_TABLE_NAME),
    enqueue: (delivery) =>
      sendAll(sqs, env.SLOW_DELIVERIES_QUEUE_URL, [{ body: delivery, group: brandOfDelivery(delivery) }]),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
    now: Date.now,
  }),
);
