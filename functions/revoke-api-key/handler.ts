import { changeLog } from '../../shared/audit/change-log.ts';
import { flushAuthorizerCache } from '../../shared/authorizer-cache.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { PUBLIC_ROOT } from '../../shared/routes.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'API_KEYS_TABLE_NAME',
  'AUDIT_LOG_TABLE_NAME',
  'BRANDS_TABLE_NAME',
  'EXTERNAL_API_ID',
  'ERROR_DOCS_URL',
);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  revokeApiKey({
    keys: apiKeyStore(client, env.API_KEYS_TABLE_NAME),
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
    flush: () => flushAuthorizerCache(client, env.EXTERNAL_API_ID, PUBLIC_ROOT.slice(1)),
    now: Date.now,
  }),
);
