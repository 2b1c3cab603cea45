import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { secretOf } from '../../shared/secrets.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { messageHistory } from '../../shared/store/message-history.ts';
import { markMessageRead } from './mark-message-read.ts';
import { contract } from './schema.ts';

const env = readEnv('CONNECTIONS_TABLE_NAME', 'MESSAGES_TABLE_NAME', 'ERROR_DOCS_URL', ...GRAPH_VARIABLES);
const client = documentClient();
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  markMessageRead({
    connectionOf: cached(connections.activeOfBrand, (found) => found !== null, Date.now),
    secretOf,
    messages: messageHistory(client, env.MESSAGES_TABLE_NAME),
    graph: graphOf(env),
  }),
);
