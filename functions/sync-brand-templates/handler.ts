import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { secretOf } from '../../shared/secrets.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { syncTemplates } from '../../shared/templates/sync.ts';
import { contract } from './schema.ts';
import { syncBrandTemplates } from './sync-brand-templates.ts';

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
  syncBrandTemplates({
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    secretOf,
    sync: syncTemplates({
      graph: graphOf(env),
      templates: templateStore(client, env.TEMPLATES_TABLE_NAME),
      now: Date.now,
    }),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
    now: Date.now,
  }),
);
