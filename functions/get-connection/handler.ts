import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { getConnection } from './get-connection.ts';
import { contract } from './schema.ts';

const env = readEnv('CONNECTIONS_TABLE_NAME', 'ENDPOINTS_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  getConnection({
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
  }),
);
