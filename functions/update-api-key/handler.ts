import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { contract } from './schema.ts';
import { updateApiKey } from './update-api-key.ts';

const env = readEnv('API_KEYS_TABLE_NAME', 'AUDIT_LOG_TABLE_NAME', 'BRANDS_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  updateApiKey({
    keys: apiKeyStore(client, env.API_KEYS_TABLE_NAME),
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
    now: Date.now,
  }),
);
