import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { KeyPepper, readSecret } from '../../shared/secrets.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { authorizeApiKey } from './authorize-api-key.ts';

const env = readEnv('API_KEYS_TABLE_NAME', 'KEY_PEPPER_SECRET_ARN');

const authorize = authorizeApiKey({
  keys: apiKeyStore(documentClient(), env.API_KEYS_TABLE_NAME),
  pepper: () => readSecret(env.KEY_PEPPER_SECRET_ARN, KeyPepper),
  now: Date.now,
});

export const handler = async (event: APIGatewayRequestAuthorizerEvent) => {
  const apiKey = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'x-api-key')?.[1];
  return authorize({ methodArn: event.methodArn, apiKey });
};
