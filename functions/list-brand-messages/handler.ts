import { documentClient } from '../../shared/aws.ts';
import { listMessages } from '../../shared/brand/list-messages.ts';
import { readEnv } from '../../shared/env.ts';
import { ofBrand } from '../../shared/http/brand-request.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { messageHistory } from '../../shared/store/message-history.ts';
import { contract } from './schema.ts';

const env = readEnv('BRANDS_TABLE_NAME', 'MESSAGES_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  ofBrand(
    brandStore(client, env.BRANDS_TABLE_NAME),
    listMessages({
      messages: messageHistory(client, env.MESSAGES_TABLE_NAME),
      cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
    }),
  ),
);
