import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { CONTROL_VARIABLES, controllingWith } from '../../shared/webhooks/control-wiring.ts';
import { enableConnection } from './enable-connection.ts';
import { contract } from './schema.ts';

const env = readEnv('ERROR_DOCS_URL', ...CONTROL_VARIABLES);

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  enableConnection(controllingWith(env, documentClient())),
);
