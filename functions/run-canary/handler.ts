import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { hashApiKeySecret } from '../../shared/api-key.ts';
import { documentClient } from '../../shared/aws.ts';
import { CANARY_JOB, canaryConnection } from '../../shared/canary.ts';
import { readEnv } from '../../shared/env.ts';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import { EXTERNAL_PREFIX } from '../../shared/routes.ts';
import { KeyPepper, readSecret } from '../../shared/secrets.ts';
import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { checkpointStore } from '../../shared/store/checkpoint-store.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { runCanary } from './run-canary.ts';

const env = readEnv(
  'API_KEYS_TABLE_NAME',
  'CANARY_API_URL',
  'CANARY_SECRET_ARN',
  'CHECKPOINTS_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'KEY_PEPPER_SECRET_ARN',
);
const client = documentClient();
const secrets = new SecretsManagerClient({});
const keys = apiKeyStore(client, env.API_KEYS_TABLE_NAME);
const SecretId = env.CANARY_SECRET_ARN;
const apiUrl = env.CANARY_API_URL.replace(/\/$/, '');

const run = runCanary({
  readSecret: async () => parseJson((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? ''),
  writeSecret: async (secret) => {
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(secret) }));
  },
  connect: async (now) => {
    await connectionStore(client, env.CONNECTIONS_TABLE_NAME).put(canaryConnection(apiUrl, SecretId, now));
  },
  hash: async (secret) => {
    const { pepper, version } = await readSecret(env.KEY_PEPPER_SECRET_ARN, KeyPepper);
    return { secretHash: hashApiKeySecret(secret, pepper), pepperVersion: version };
  },
  insertKey: keys.insert,
  removeKey: keys.remove,
  send: async (apiKey, reference) => {
    const response = await fetch(`${apiUrl}${EXTERNAL_PREFIX}/send/template`, {
      method: 'POST',
      headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
      // The sandbox's own template and recipient: docs/sandbox.md.
      body: JSON.stringify({
        ...{ to: '+15550100000', template_name: 'sandbox_order_update', variables: ['Ada', 'A-42'], reference },
      }),
    });
    await response.arrayBuffer();
    return response.status;
  },
  arrivedUntil: () => checkpointStore(client, env.CHECKPOINTS_TABLE_NAME).doneUntil(CANARY_JOB),
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

/** By the clock: infra/stacks/canary-stack.ts. */
export const handler = async (): Promise<void> => {
  logger.resetKeys();
  logger.info('canary.succeeded', { duration_ms: await run() });
  count('CanarySucceeded');
};
