import { documentClient } from '../../shared/aws.ts';
import { getEvent } from '../../shared/brand/get-event.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { eventHistory } from '../../shared/store/event-history.ts';
import { contract } from './schema.ts';

const env = readEnv('EVENTS_TABLE_NAME', 'ERROR_DOCS_URL');

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  getEvent({ events: eventHistory(documentClient(), env.EVENTS_TABLE_NAME), now: Date.now }),
);
