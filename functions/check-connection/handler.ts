import { documentClient, secretsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { accountCalls } from '../../shared/meta/account-calls.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { liveChecks } from '../../shared/onboarding/live-checks.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { connectionSecrets } from '../../shared/store/connection-secrets.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointClient } from '../../shared/webhooks/endpoint-client.ts';
import { checkConnection } from './check-connection.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'STAGE',
  'BRANDS_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINT_POLICY',
  'DELIVERY_TIMEOUT_MS',
  'META_APP_ID',
  'ERROR_DOCS_URL',
  ...GRAPH_VARIABLES,
);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  checkConnection({
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    secrets: connectionSecrets(secretsClient(), env.STAGE),
    checks: liveChecks({ accounts: accountCalls(graphOf(env)), appId: env.META_APP_ID, now: Date.now }),
    policy: env.ENDPOINT_POLICY,
    endpoint: endpointClient({ policy: env.ENDPOINT_POLICY, timeoutMs: env.DELIVERY_TIMEOUT_MS }),
    now: Date.now,
  }),
);
