import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { auditHistory } from '../../shared/store/audit-history.ts';
import { listAuditLog } from './list-audit-log.ts';
import { contract } from './schema.ts';

const env = readEnv('AUDIT_LOG_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  listAuditLog({
    log: auditHistory(documentClient(), env.AUDIT_LOG_TABLE_NAME),
    cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
  }),
);
