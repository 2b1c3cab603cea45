import { CREATE_VARIABLES, creatingWith } from '../../shared/audit/wiring.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { createBrand } from './create-brand.ts';
import { contract } from './schema.ts';

const env = readEnv('BRANDS_TABLE_NAME', 'ERROR_DOCS_URL', ...CREATE_VARIABLES);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  createBrand({
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    create: creatingWith(env, client),
    now: Date.now,
  }),
);
