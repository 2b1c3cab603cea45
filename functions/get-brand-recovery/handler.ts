import { documentClient } from '../../shared/aws.ts';
import { getRecovery } from '../../shared/brand/get-recovery.ts';
import { readEnv } from '../../shared/env.ts';
import { ofBrand } from '../../shared/http/brand-request.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { recoveryStore } from '../../shared/store/recovery-store.ts';
import { contract } from './schema.ts';

const env = readEnv('BRANDS_TABLE_NAME', 'RECOVERIES_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  ofBrand(brandStore(client, env.BRANDS_TABLE_NAME), getRecovery(recoveryStore(client, env.RECOVERIES_TABLE_NAME))),
);
