import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { replyingWith, SEND_VARIABLES } from '../../shared/sending/wiring.ts';
import { replyReaction } from './reply-reaction.ts';
import { contract } from './schema.ts';

const env = readEnv(...SEND_VARIABLES, 'CONVERSATIONS_TABLE_NAME');

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  replyReaction(replyingWith(env, documentClient())),
);
