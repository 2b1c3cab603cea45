import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { getTemplate } from './get-template.ts';
import { contract } from './schema.ts';

const env = readEnv('CONNECTIONS_TABLE_NAME', 'TEMPLATES_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  getTemplate({
    connectionOf: cached(connections.activeOfBrand, (found) => found !== null, Date.now),
    templates: templateStore(client, env.TEMPLATES_TABLE_NAME),
  }),
);
