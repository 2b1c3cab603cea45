import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { LIMIT_VARIABLES, limitDefaults } from '../../shared/limits/limit-defaults.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { getKey } from './get-key.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'API_KEYS_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'API_REQUESTS_PER_SECOND',
  'API_BURST',
  'ERROR_DOCS_URL',
  ...LIMIT_VARIABLES,
);
const client = documentClient();

export const handler = apiHandler(
  { ...contract, needsBrand: false, docsUrl: env.ERROR_DOCS_URL },
  getKey({
    keys: apiKeyStore(client, env.API_KEYS_TABLE_NAME),
    connectionOf: connectionStore(client, env.CONNECTIONS_TABLE_NAME).activeOfBrand,
    api: { requestsPerSecond: env.API_REQUESTS_PER_SECOND, burst: env.API_BURST },
    defaults: limitDefaults(env),
  }),
);
