import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { mediaStorage } from '../../shared/media/media-storage.ts';
import { messageHistory } from '../../shared/store/message-history.ts';
import { getMessageMedia } from './get-message-media.ts';
import { contract } from './schema.ts';

const env = readEnv('MESSAGES_TABLE_NAME', 'MEDIA_BUCKET_NAME', 'ERROR_DOCS_URL');

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  getMessageMedia({
    messages: messageHistory(documentClient(), env.MESSAGES_TABLE_NAME),
    storage: mediaStorage(env.MEDIA_BUCKET_NAME),
    now: Date.now,
  }),
);
