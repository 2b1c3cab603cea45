import { documentClient } from '../../shared/aws.ts';
import { cancelRecovery } from '../../shared/brand/cancel-recovery.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { recoveryStore } from '../../shared/store/recovery-store.ts';
import { contract } from './schema.ts';

const env = readEnv('RECOVERIES_TABLE_NAME', 'ERROR_DOCS_URL');
const recoveries = recoveryStore(documentClient(), env.RECOVERIES_TABLE_NAME);

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  cancelRecovery(recoveries, (recovery) => recoveries.end(recovery, 'cancelled', Date.now())),
);
