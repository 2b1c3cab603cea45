import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { listBrands } from './list-brands.ts';
import { contract } from './schema.ts';

const env = readEnv('BRANDS_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  listBrands({
    brands: brandStore(documentClient(), env.BRANDS_TABLE_NAME),
    cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
  }),
);
