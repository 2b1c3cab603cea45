import { documentClient } from '../../shared/aws.ts';
import { getRecovery } from '../../shared/brand/get-recovery.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { recoveryStore } from '../../shared/store/recovery-store.ts';
import { contract } from './schema.ts';

const env = readEnv('RECOVERIES_TABLE_NAME', 'ERROR_DOCS_URL');

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  getRecovery(recoveryStore(documentClient(), env.RECOVERIES_TABLE_NAME)),
);
