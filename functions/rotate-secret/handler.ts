import { changeLog } from '../../shared/audit/change-log.ts';
import { actingWith, CREATE_VARIABLES } from '../../shared/audit/wiring.ts';
import { documentClient, secretsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { connectionSecrets } from '../../shared/store/connection-secrets.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { rotateSigningSecret } from './rotate-secret.ts';
import { contract } from './schema.ts';

const env = readEnv('STAGE', 'CONNECTIONS_TABLE_NAME', 'ERROR_DOCS_URL', ...CREATE_VARIABLES);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  rotateSigningSecret({
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    secrets: connectionSecrets(secretsClient(), env.STAGE),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
    once: actingWith(env, client),
    now: Date.now,
  }),
);
