import { documentClient } from '../../shared/aws.ts';
import { REPLAY_VARIABLES, replayingWith } from '../../shared/brand/wiring.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { contract } from './schema.ts';

const env = readEnv('ERROR_DOCS_URL', ...REPLAY_VARIABLES);

export const handler = apiHandler({ ...contract, docsUrl: env.ERROR_DOCS_URL }, replayingWith(env, documentClient()));
