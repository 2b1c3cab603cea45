import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { templateCalls } from '../../shared/meta/template-calls.ts';
import { secretOf } from '../../shared/secrets.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { deleteTemplate } from './delete-template.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'AUDIT_LOG_TABLE_NAME',
  'BRANDS_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'TEMPLATES_TABLE_NAME',
  'ERROR_DOCS_URL',
  ...GRAPH_VARIABLES,
);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  deleteTemplate({
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    templates: templateStore(client, env.TEMPLATES_TABLE_NAME),
    calls: templateCalls(graphOf(env)),
    secretOf,
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
  }),
);
