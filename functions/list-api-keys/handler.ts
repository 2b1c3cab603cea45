import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { ofBrand } from '../../shared/http/brand-request.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { listApiKeys } from './list-api-keys.ts';
import { contract } from './schema.ts';

const env = readEnv('API_KEYS_TABLE_NAME', 'BRANDS_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  ofBrand(
    brandStore(client, env.BRANDS_TABLE_NAME),
    listApiKeys({
      keys: apiKeyStore(client, env.API_KEYS_TABLE_NAME),
      cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
      now: Date.now,
    }),
  ),
);
