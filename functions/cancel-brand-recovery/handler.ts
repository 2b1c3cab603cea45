import { changeLog } from '../../shared/audit/change-log.ts';
import { noted } from '../../shared/audit/noted.ts';
import { documentClient } from '../../shared/aws.ts';
import { cancelRecovery } from '../../shared/brand/cancel-recovery.ts';
import { readEnv } from '../../shared/env.ts';
import { ofBrand } from '../../shared/http/brand-request.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { recoveryStore } from '../../shared/store/recovery-store.ts';
import { contract } from './schema.ts';

const env = readEnv('AUDIT_LOG_TABLE_NAME', 'BRANDS_TABLE_NAME', 'RECOVERIES_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  ofBrand(
    brandStore(client, env.BRANDS_TABLE_NAME),
    noted(
      changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
      cancelRecovery(recoveryStore(client, env.RECOVERIES_TABLE_NAME), Date.now),
      ({ params }) => ({ action: 'recovery.cancelled', target: { type: 'recovery', id: params.id }, after: null }),
    ),
  ),
);
