import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { listTemplates } from './list-templates.ts';
import { contract } from './schema.ts';

const env = readEnv('CONNECTIONS_TABLE_NAME', 'TEMPLATES_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');
const client = documentClient();
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  listTemplates({
    connectionOf: cached(connections.activeOfBrand, (found) => found !== null, Date.now),
    templates: templateStore(client, env.TEMPLATES_TABLE_NAME),
    cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
  }),
);
