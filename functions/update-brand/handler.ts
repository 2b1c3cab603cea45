import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { contract } from './schema.ts';
import { updateBrand } from './update-brand.ts';

const env = readEnv('AUDIT_LOG_TABLE_NAME', 'BRANDS_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  updateBrand({
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
  }),
);
