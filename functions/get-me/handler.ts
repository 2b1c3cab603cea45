import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { organisationStore } from '../../shared/store/organisation-store.ts';
import { getMe } from './get-me.ts';
import { contract } from './schema.ts';

const env = readEnv('ORGANISATIONS_TABLE_NAME', 'ERROR_DOCS_URL');

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  getMe(organisationStore(documentClient(), env.ORGANISATIONS_TABLE_NAME)),
);
