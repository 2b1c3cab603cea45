import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient, secretsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { accountCalls } from '../../shared/meta/account-calls.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { claimStore } from '../../shared/store/claim-store.ts';
import { connectionSecrets } from '../../shared/store/connection-secrets.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { deleteConnection } from './delete-connection.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'STAGE',
  'AUDIT_LOG_TABLE_NAME',
  'CLAIMS_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'ERROR_DOCS_URL',
  ...GRAPH_VARIABLES,
);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  deleteConnection({
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    claims: claimStore(client, env.CLAIMS_TABLE_NAME),
    secrets: connectionSecrets(secretsClient(), env.STAGE),
    accounts: accountCalls(graphOf(env)),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
    now: Date.now,
  }),
);
