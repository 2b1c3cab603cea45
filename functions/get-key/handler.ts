import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { getKey } from './get-key.ts';
import { contract } from './schema.ts';

const env = readEnv('API_KEYS_TABLE_NAME', 'API_REQUESTS_PER_SECOND', 'API_BURST', 'ERROR_DOCS_URL');

export const handler = apiHandler(
  { ...contract, needsBrand: false, docsUrl: env.ERROR_DOCS_URL },
  getKey({
    keys: apiKeyStore(documentClient(), env.API_KEYS_TABLE_NAME),
    limits: { requestsPerSecond: env.API_REQUESTS_PER_SECOND, burst: env.API_BURST },
  }),
);
