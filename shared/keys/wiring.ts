import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CREATE_VARIABLES, creatingWith } from '../audit/wiring.ts';
import type { Env, EnvName } from '../env.ts';
import { KeyPepper, readSecret } from '../secrets.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { brandStore } from '../store/brand-store.ts';
import { organisationStore } from '../store/organisation-store.ts';

/** What every function that makes a key for people reads of its environment. */
export const MINT_VARIABLES = [
  'API_KEYS_TABLE_NAME',
  'BRANDS_TABLE_NAME',
  'ORGANISATIONS_TABLE_NAME',
  'KEY_PEPPER_SECRET_ARN',
  ...CREATE_VARIABLES,
] as const satisfies readonly EnvName[];

export const mintingWith = (env: Env<(typeof MINT_VARIABLES)[number]>, client: DynamoDBDocumentClient) => ({
  keys: apiKeyStore(client, env.API_KEYS_TABLE_NAME),
  brands: brandStore(client, env.BRANDS_TABLE_NAME),
  organisations: organisationStore(client, env.ORGANISATIONS_TABLE_NAME),
  create: creatingWith(env, client),
  pepper: () => readSecret(env.KEY_PEPPER_SECRET_ARN, KeyPepper),
  now: Date.now,
});
