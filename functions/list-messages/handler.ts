import { documentClient } from '../../shared/aws.ts';
import { listMessages } from '../../shared/brand/list-messages.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { messageHistory } from '../../shared/store/message-history.ts';
import { contract } from './schema.ts';

const env = readEnv('MESSAGES_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  listMessages({
    messages: messageHistory(documentClient(), env.MESSAGES_TABLE_NAME),
    cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
  }),
);
