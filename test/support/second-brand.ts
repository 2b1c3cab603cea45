import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import { newId } from '../../shared/ids.ts';
import { GraphTemplate, toTemplate } from '../../shared/meta/graph-template.ts';
import { SCOPES } from '../../shared/scopes.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { type ConnectionLimits, connectionStore } from '../../shared/store/connection-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import type { AttachedStack } from './local-stack.ts';
import { mintKey } from './tenant.ts';

const Account = z.object({ waba_id: z.string(), phone_number_id: z.string(), access_token: z.string() });

/**
 * Another tenant with a number of its own at Meta.
 * @param limits the stage's where it has none of its own
 * @param webhookPath of the tenant receiver, where its events go
 * @param organisationId one that people belong to; where absent, one that has nobody
 * @returns its brand, number and a key with all scopes
 */
export async function addBrand(
  stack: AttachedStack,
  limits?: ConnectionLimits,
  webhookPath = '/webhooks/quixess',
  organisationId = newId('org', Date.now()),
): Promise<{ brandId: string; phoneNumberId: string; key: string }> {
  const made = await fetch(`${stack.meta_simulator_url}/_accounts`, {
    method: 'POST',
    body: '{"verified_name":"Other"}',
  });
  const { waba_id: wabaId, phone_number_id: phoneNumberId, access_token } = Account.parse(await made.json());
  const config = {
    endpoint: stack.aws_endpoint_url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local-admin', secretAccessKey: 'local' },
  };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  const secrets = new SecretsManagerClient(config);
  try {
    const createdAt = Date.now();
    const [brandId, connectionId] = [newId('brd', createdAt), newId('con', createdAt)];
    const SecretString = JSON.stringify({
      access_token,
      signing_secrets: [`whsec_${randomBytes(32).toString('base64')}`],
    });
    const { ARN = '' } = await secrets.send(
      new CreateSecretCommand({ Name: `quixess/local/connections/${connectionId}`, SecretString }),
    );
    await brandStore(client, stack.tables.brands ?? '').put({ brandId, organisationId, name: 'Other', createdAt });
    await connectionStore(client, stack.tables.connections ?? '').put({
      connectionId,
      brandId,
      organisationId,
      status: 'active',
      phoneNumberId,
      wabaId,
      secretArn: ARN,
      webhookUrl: `${stack.tenant_receiver_url}${webhookPath}`,
      eventFilter: [...EVENT_TYPES],
      defaultOtpTemplate: 'signup_otp',
      ...(limits ? { limits } : {}),
      createdAt,
    });
    const listed = await fetch(`${stack.meta_simulator_url}/v26.0/${wabaId}/message_templates`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    const { data } = z.object({ data: z.array(GraphTemplate) }).parse(await listed.json());
    for (const one of data)
      await templateStore(client, stack.tables.templates ?? '').put(toTemplate(wabaId, one, createdAt));
    return { brandId, phoneNumberId, key: await mintKey(stack, [...SCOPES], { brandId }) };
  } finally {
    client.destroy();
    secrets.destroy();
  }
}
