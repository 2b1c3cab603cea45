import { documentClient } from '../../shared/aws.ts';
import { listEvents } from '../../shared/brand/list-events.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { eventHistory } from '../../shared/store/event-history.ts';
import { contract } from './schema.ts';

const env = readEnv('EVENTS_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  listEvents({
    events: eventHistory(documentClient(), env.EVENTS_TABLE_NAME),
    cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
    now: Date.now,
  }),
);
