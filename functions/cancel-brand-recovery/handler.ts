import { byMember, changeLog } from '../../shared/audit/change-log.ts';
import { documentClient } from '../../shared/aws.ts';
import { cancelRecovery } from '../../shared/brand/cancel-recovery.ts';
import { readEnv } from '../../shared/env.ts';
import { type BrandRequest, ofBrand } from '../../shared/http/brand-request.ts';
import { type UserRequest, userHandler } from '../../shared/http/user-handler.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { recoveryStore } from '../../shared/store/recovery-store.ts';
import type { RecoveryParams } from '../../shared/views/recovery-view.ts';
import { contract } from './schema.ts';

const env = readEnv('AUDIT_LOG_TABLE_NAME', 'BRANDS_TABLE_NAME', 'RECOVERIES_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();
const recoveries = recoveryStore(client, env.RECOVERIES_TABLE_NAME);
const changes = changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now);

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  ofBrand(
    brandStore(client, env.BRANDS_TABLE_NAME),
    cancelRecovery(recoveries, (recovery, request: UserRequest & BrandRequest<unknown, RecoveryParams>) =>
      // Nothing is written, and nothing noted, when it has ended already.
      changes.commit(
        {
          ...byMember(request),
          action: 'recovery.cancelled',
          target: { type: 'recovery', id: recovery.recoveryId },
          brandId: recovery.brandId,
          before: { status: 'running' },
          after: { status: 'cancelled' },
        },
        [recoveries.ending(recovery, 'cancelled', Date.now())],
      ),
    ),
  ),
);
