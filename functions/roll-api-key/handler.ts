import { CREATE_VARIABLES, creatingWith } from '../../shared/audit/wiring.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { KeyPepper, readSecret } from '../../shared/secrets.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { organisationStore } from '../../shared/store/organisation-store.ts';
import { rollApiKey } from './roll-api-key.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'API_KEYS_TABLE_NAME',
  'BRANDS_TABLE_NAME',
  'ORGANISATIONS_TABLE_NAME',
  'KEY_PEPPER_SECRET_ARN',
  'ERROR_DOCS_URL',
  ...CREATE_VARIABLES,
);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  rollApiKey({
    keys: apiKeyStore(client, env.API_KEYS_TABLE_NAME),
    brands: brandStore(client, env.BRANDS_TABLE_NAME),
    organisations: organisationStore(client, env.ORGANISATIONS_TABLE_NAME),
    create: creatingWith(env, client),
    pepper: () => readSecret(env.KEY_PEPPER_SECRET_ARN, KeyPepper),
    now: Date.now,
  }),
);
