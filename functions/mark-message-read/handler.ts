import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { graphOf } from '../../shared/meta/graph-of.ts';
import { ConnectionSecret, readSecret } from '../../shared/secrets.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { messageHistory } from '../../shared/store/message-history.ts';
import { markMessageRead } from './mark-message-read.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'CONNECTIONS_TABLE_NAME',
  'MESSAGES_TABLE_NAME',
  'META_GRAPH_URL',
  'META_GRAPH_VERSION',
  'META_TIMEOUT_MS',
  'ERROR_DOCS_URL',
);
const client = documentClient();
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  markMessageRead({
    connectionOf: cached(connections.activeOfBrand, (found) => found !== null, Date.now),
    secretOf: (connection) => readSecret(connection.secretArn, ConnectionSecret),
    messages: messageHistory(client, env.MESSAGES_TABLE_NAME),
    graph: graphOf(env),
  }),
);
