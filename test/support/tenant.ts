import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { hashApiKeySecret, mintApiKey } from '../../shared/api-key.ts';
import type { Scope } from '../../shared/scopes.ts';
import { KeyPepper } from '../../shared/secrets.ts';
import { type ApiKey, apiKeyStore } from '../../shared/store/api-key-store.ts';
import type { AttachedStack } from './local-stack.ts';

const OTP_PATH = '/v1/whatsapp/external/send/otp';

/** The product page's sample request; the recipient decides what the simulator does. */
export const OTP_BODY = { to: '+12818184370', code: '482913', template_name: 'signup_otp' };

export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> };

/** Sends an OTP as a tenant does. @param headers win over the key and the content type of the quickstart */
export async function sendOtp(
  stack: AttachedStack,
  { body = OTP_BODY, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await stack.api('POST', OTP_PATH, { body, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

/** What the simulator delivered to people: the proof against double sends. */
export async function sentMessages(stack: AttachedStack): Promise<unknown[]> {
  return z.array(z.unknown()).parse(await (await fetch(`${stack.meta_simulator_url}/_sent`)).json());
}

const awsConfig = (stack: AttachedStack) => ({
  endpoint: stack.aws_endpoint_url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local-admin', secretAccessKey: 'local' },
});

const documents = (stack: AttachedStack) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(awsConfig(stack)), {
    marshallOptions: { removeUndefinedValues: true },
  });

/** Reaches into the stack's tables with a store of ours. */
export async function withTables<T>(
  stack: AttachedStack,
  work: (client: DynamoDBDocumentClient) => Promise<T>,
): Promise<T> {
  const client = documents(stack);
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** Every item of a table. @param table friendly name, e.g. `messages` */
export async function itemsOf(stack: AttachedStack, table: string): Promise<Record<string, unknown>[]> {
  const client = documents(stack);
  try {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: stack.tables[table], ConsistentRead: true }));
    return Items;
  } finally {
    client.destroy();
  }
}

/** Makes an API key as the dashboard would. @returns its text */
export async function mintKey(stack: AttachedStack, scopes: Scope[], change: Partial<ApiKey> = {}): Promise<string> {
  const client = documents(stack);
  const secrets = new SecretsManagerClient(awsConfig(stack));
  try {
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    const pepperArn = SecretList.find(({ Name = '' }) => /key-?pepper/i.test(Name))?.ARN;
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: pepperArn }));
    const { pepper, version } = KeyPepper.parse(JSON.parse(SecretString));
    const { text, keyId, secret, mode } = mintApiKey(change.mode ?? 'live');
    await apiKeyStore(client, stack.tables['api-keys'] ?? '').insert({
      keyId,
      mode,
      scopes,
      brandId: stack.brand_id,
      name: 'Test',
      secretHash: hashApiKeySecret(secret, pepper),
      pepperVersion: version,
      createdAt: Date.now(),
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      ...change,
    });
    return text;
  } finally {
    client.destroy();
    secrets.destroy();
  }
}

/** What the console's button "Start DLQ redrive" does with its default, "Redrive to source queue(s)". */
export async function redrive(stack: AttachedStack, queue: string): Promise<void> {
  const sqs = new SQSClient(awsConfig(stack));
  try {
    const QueueUrl = stack.queues[queue];
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: Attributes?.QueueArn }));
  } finally {
    sqs.destroy();
  }
}
