import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { MINT_VARIABLES, mintingWith } from '../../shared/keys/wiring.ts';
import { createApiKey } from './create-api-key.ts';
import { contract } from './schema.ts';

const env = readEnv('ERROR_DOCS_URL', ...MINT_VARIABLES);

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  createApiKey(mintingWith(env, documentClient())),
);
