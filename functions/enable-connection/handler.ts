import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient, stepFunctionsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { enableEndpoint } from '../../shared/webhooks/endpoint-control.ts';
import { watchStarter } from '../../shared/webhooks/start-once.ts';
import { enableConnection } from './enable-connection.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'AUDIT_LOG_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'ENDPOINT_WATCH_ARN',
  'ERROR_DOCS_URL',
);
const now = Date.now;
const client = documentClient();
const endpoints = endpointStore(client, env.ENDPOINTS_TABLE_NAME);

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  enableConnection({
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    endpoints,
    enable: enableEndpoint({ endpoints, startWatch: watchStarter(stepFunctionsClient(), env.ENDPOINT_WATCH_ARN), now }),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, now),
  }),
);
