import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { templatesWith } from '../../shared/sending/template-wiring.ts';
import { SEND_VARIABLES, sendingWith } from '../../shared/sending/wiring.ts';
import { contract } from './schema.ts';
import { sendTemplate } from './send-template.ts';

const env = readEnv(...SEND_VARIABLES, 'TEMPLATES_TABLE_NAME');
const client = documentClient();

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  sendTemplate({ ...sendingWith(env, client), ...templatesWith(env, client) }),
);
