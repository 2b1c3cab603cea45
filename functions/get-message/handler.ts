import { documentClient } from '../../shared/aws.ts';
import { getMessage } from '../../shared/brand/get-message.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { messageHistory } from '../../shared/store/message-history.ts';
import { contract } from './schema.ts';

const env = readEnv('MESSAGES_TABLE_NAME', 'ERROR_DOCS_URL');

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  getMessage({ messages: messageHistory(documentClient(), env.MESSAGES_TABLE_NAME) }),
);
