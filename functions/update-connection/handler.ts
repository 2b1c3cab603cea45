import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { CONTROL_VARIABLES, controllingWith } from '../../shared/webhooks/control-wiring.ts';
import { contract } from './schema.ts';
import { updateConnection } from './update-connection.ts';

const env = readEnv('ENDPOINT_POLICY', 'ERROR_DOCS_URL', ...CONTROL_VARIABLES);

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  updateConnection({ ...controllingWith(env, documentClient()), policy: env.ENDPOINT_POLICY }),
);
