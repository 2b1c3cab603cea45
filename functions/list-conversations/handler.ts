import { documentClient } from '../../shared/aws.ts';
import { listConversations } from '../../shared/brand/list-conversations.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { conversationStore } from '../../shared/store/conversation-store.ts';
import { messageHistory } from '../../shared/store/message-history.ts';
import { contract } from './schema.ts';

const env = readEnv('CONVERSATIONS_TABLE_NAME', 'MESSAGES_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  listConversations({
    conversations: conversationStore(client, env.CONVERSATIONS_TABLE_NAME),
    messages: messageHistory(client, env.MESSAGES_TABLE_NAME),
    cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
    now: Date.now,
  }),
);
