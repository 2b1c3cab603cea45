import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { reportLeakedKey } from './report-leaked-key.ts';
import { contract } from './schema.ts';

const env = readEnv('API_KEYS_TABLE_NAME', 'AUDIT_LOG_TABLE_NAME', 'BRANDS_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = apiHandler(
  { ...contract, needsBrand: false, docsUrl: env.ERROR_DOCS_URL },
  reportLeakedKey({
    keys: apiKeyStore(client, env.API_KEYS_TABLE_NAME),
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
    now: Date.now,
  }),
);
