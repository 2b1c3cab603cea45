import { changeLog } from '../../shared/audit/change-log.ts';
import { noted } from '../../shared/audit/noted.ts';
import { documentClient } from '../../shared/aws.ts';
import { RECOVERY_VARIABLES, recoveringWith } from '../../shared/brand/wiring.ts';
import { readEnv } from '../../shared/env.ts';
import { ofBrandInBody } from '../../shared/http/brand-request.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { RecoveryView } from '../../shared/views/recovery-view.ts';
import { contract } from './schema.ts';

const env = readEnv('AUDIT_LOG_TABLE_NAME', 'BRANDS_TABLE_NAME', 'ERROR_DOCS_URL', ...RECOVERY_VARIABLES);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  ofBrandInBody(
    brandStore(client, env.BRANDS_TABLE_NAME),
    noted(changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now), recoveringWith(env, client), ({ body }, answered) => {
      if (body.dry_run) return null;
      const { id, filter, rate_per_second, count } = RecoveryView.parse(JSON.parse(answered.body));
      const after = { filter, rate_per_second, count };
      return { action: 'recovery.created', target: { type: 'recovery', id }, after };
    }),
  ),
);
