import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { listConnections } from './list-connections.ts';
import { contract } from './schema.ts';

const env = readEnv('BRANDS_TABLE_NAME', 'CONNECTIONS_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  listConnections({
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
  }),
);
