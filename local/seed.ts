import type { DatabaseSync } from 'node:sqlite';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { hashApiKeySecret, mintApiKey, parseApiKey } from '../shared/api-key.ts';
import { EVENT_TYPES } from '../shared/events/event-types.ts';
import { memberId, newId } from '../shared/ids.ts';
import { GraphTemplate, toTemplate } from '../shared/meta/graph-template.ts';
import { ROLES, type Role } from '../shared/roles.ts';
import { SCOPES } from '../shared/scopes.ts';
import { type ConnectionSecret, KeyPepper } from '../shared/secrets.ts';
import { apiKeyStore } from '../shared/store/api-key-store.ts';
import { type Brand, brandStore } from '../shared/store/brand-store.ts';
import { connectionStore } from '../shared/store/connection-store.ts';
import { memberStore } from '../shared/store/member-store.ts';
import { organisationStore } from '../shared/store/organisation-store.ts';
import { templateStore } from '../shared/store/template-store.ts';
import { writeAll } from '../shared/store/transaction.ts';
import { newSigningSecret } from '../shared/webhooks/secret-rotation.ts';
import { accountOf } from './identity/accounts.ts';

type SeedInput = {
  awsEndpointUrl: string;
  region: string;
  /** Friendly name → physical name, e.g. `api-keys`. */
  tables: Readonly<Record<string, string>>;
  /** Friendly name → ARN: `meta-app`, `key-pepper`. */
  secretArns: Readonly<Record<string, string>>;
  webhookUrl: string;
  meta: {
    appSecret: string;
    verifyToken: string;
    phoneNumberId: string;
    wabaId: string;
    accessToken: string;
    templates: readonly unknown[];
  };
  database: DatabaseSync;
  /** Nobody and nothing but what a deployment has: Meta's app secret. */
  isEmpty: boolean;
};

export type Seed = {
  apiKey: string;
  brandId: string;
  tenantSecret: string;
  otpTemplateName: string;
  people: { email: string; role: Role }[];
};

/** Trying things out, tests and load go to the same few numbers: the demo brand is not held to the stage's limits. */
const DEMO_LIMITS = { otpPerTenMinutes: 100_000, otpPerDay: 100_000, pairBurst: 100_000, messagesPerSecond: 100_000 };
const OTP_TEMPLATE = 'signup_otp';
const ORGANISATION_NAME = 'Demo organisation';
const BRAND_NAME = 'Demo brand';
/** One of each role; nobody has a password (local/identity). */
const PEOPLE = ROLES.map((role) => ({ email: `${role}@demo.example`, role })).reverse();

/**
 * One organisation, brand, connection, approved OTP template and API key, so that the quickstart works at once. Runs at
 * every start: what was made the first time stays, and ports may have changed.
 * @returns null for an empty stack
 */
export async function seed(input: SeedInput): Promise<Seed | null> {
  const config = {
    endpoint: input.awsEndpointUrl,
    region: input.region,
    credentials: { accessKeyId: 'local-admin', secretAccessKey: 'local' },
  };
  const dynamodb = new DynamoDBClient(config);
  const documents = DynamoDBDocumentClient.from(dynamodb);
  const secrets = new SecretsManagerClient(config);
  try {
    const { appSecret: app_secret, verifyToken: verify_token } = input.meta;
    await putSecret(secrets, need(input.secretArns, 'meta-app'), { app_secret, verify_token });
    return input.isEmpty ? null : await seedDemo(input, documents, secrets);
  } finally {
    dynamodb.destroy();
    secrets.destroy();
  }
}

async function seedDemo(
  input: SeedInput,
  documents: DynamoDBDocumentClient,
  secrets: SecretsManagerClient,
): Promise<Seed> {
  const kept = remember(input.database);
  const now = Date.now();
  const brandId = kept('brand_id', () => newId('brd', now));
  const organisationId = kept('organisation_id', () => newId('org', now));
  const connectionId = kept('connection_id', () => newId('con', now));
  const tenantSecret = kept('tenant_secret', newSigningSecret);
  const apiKey = kept('api_key', () => mintApiKey('live').text);

  const secretArn = await ensureConnectionSecret(secrets, connectionId, {
    access_token: input.meta.accessToken,
    signing_secrets: [tenantSecret],
  });
  const brand = { brandId, organisationId, name: BRAND_NAME, createdAt: now };
  await seedOrganisation(documents, input.tables, brand);
  await connectionStore(documents, need(input.tables, 'connections')).put({
    connectionId,
    brandId,
    organisationId,
    status: 'active',
    phoneNumberId: input.meta.phoneNumberId,
    wabaId: input.meta.wabaId,
    secretArn,
    webhookUrl: input.webhookUrl,
    eventFilter: [...EVENT_TYPES],
    defaultOtpTemplate: OTP_TEMPLATE,
    limits: DEMO_LIMITS,
    createdAt: now,
  });
  await seedTemplates(documents, need(input.tables, 'templates'), input.meta.wabaId, input.meta.templates, now);
  await seedApiKey(documents, need(input.tables, 'api-keys'), brandId, apiKey, await readPepper(secrets, input), now);
  return { apiKey, brandId, tenantSecret, otpTemplateName: OTP_TEMPLATE, people: PEOPLE };
}

/** Once: what was changed since then in the dashboard stays. */
async function seedOrganisation(
  documents: DynamoDBDocumentClient,
  tables: SeedInput['tables'],
  brand: Brand,
): Promise<void> {
  const { organisationId, createdAt: now } = brand;
  const organisations = organisationStore(documents, need(tables, 'organisations'));
  const members = memberStore(documents, need(tables, 'members'));
  const organisation = {
    organisationId,
    name: ORGANISATION_NAME,
    status: 'active' as const,
    owners: 1,
    createdAt: now,
  };
  await writeAll(documents, [
    organisations.inserting(organisation),
    brandStore(documents, need(tables, 'brands')).inserting(brand),
    ...PEOPLE.map(({ email, role }) =>
      members.inserting({
        ...{ memberId: memberId(email), organisationId, email, role, status: 'active', userId: accountOf(email) },
        ...{ invitedAt: now, joinedAt: now },
      }),
    ),
  ]);
}

function need(names: Readonly<Record<string, string>>, name: string): string {
  const found = names[name];
  if (found === undefined) throw new Error(`The template has no ${name}; it has ${Object.keys(names).join(', ')}`);
  return found;
}

/** Made on the first start, the same ever after. */
function remember(database: DatabaseSync) {
  database.exec('CREATE TABLE IF NOT EXISTS seed (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
  return (name: string, make: () => string): string => {
    database.prepare('INSERT INTO seed (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING').run(name, make());
    return String(database.prepare('SELECT value FROM seed WHERE name = ?').get(name)?.value);
  };
}

async function putSecret(client: SecretsManagerClient, arn: string, value: object): Promise<void> {
  await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: JSON.stringify(value) }));
}

async function ensureConnectionSecret(
  client: SecretsManagerClient,
  connectionId: string,
  value: ConnectionSecret,
): Promise<string> {
  const Name = `quixess/local/connections/${connectionId}`;
  try {
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
    return ARN;
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
    const { ARN = '' } = await client.send(new GetSecretValueCommand({ SecretId: Name }));
    return ARN;
  }
}

async function readPepper(client: SecretsManagerClient, { secretArns }: SeedInput) {
  const SecretId = need(secretArns, 'key-pepper');
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  return KeyPepper.parse(JSON.parse(SecretString));
}

async function seedTemplates(
  documents: DynamoDBDocumentClient,
  table: string,
  wabaId: string,
  templates: readonly unknown[],
  syncedAt: number,
): Promise<void> {
  const store = templateStore(documents, table);
  for (const raw of templates) {
    await store.put(toTemplate(wabaId, GraphTemplate.parse(raw), syncedAt));
  }
}

async function seedApiKey(
  documents: DynamoDBDocumentClient,
  table: string,
  brandId: string,
  text: string,
  { pepper, version }: { pepper: string; version: string },
  now: number,
): Promise<void> {
  const parsed = parseApiKey(text);
  if (!parsed) throw new Error('The state directory holds a broken API key; start with --reset');
  await apiKeyStore(documents, table).insert({
    keyId: parsed.keyId,
    brandId,
    name: 'Quickstart',
    mode: parsed.mode,
    requestsPerMinute: 1_000_000,
    scopes: [...SCOPES],
    secretHash: hashApiKeySecret(parsed.secret, pepper),
    pepperVersion: version,
    createdAt: now,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
  });
}
