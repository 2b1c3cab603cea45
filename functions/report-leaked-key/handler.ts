import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { reportLeakedKey } from './report-leaked-key.ts';
import { contract } from './schema.ts';

const env = readEnv('API_KEYS_TABLE_NAME', 'ERROR_DOCS_URL');

export const handler = apiHandler(
  { ...contract, needsBrand: false, docsUrl: env.ERROR_DOCS_URL },
  reportLeakedKey({ keys: apiKeyStore(documentClient(), env.API_KEYS_TABLE_NAME), now: Date.now }),
);
