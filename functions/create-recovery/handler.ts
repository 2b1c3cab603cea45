import { documentClient } from '../../shared/aws.ts';
import { RECOVERY_VARIABLES, recoveringWith } from '../../shared/brand/wiring.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { contract } from './schema.ts';

const env = readEnv('ERROR_DOCS_URL', ...RECOVERY_VARIABLES);

export const handler = apiHandler({ ...contract, docsUrl: env.ERROR_DOCS_URL }, recoveringWith(env, documentClient()));
