import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { ROLL_GRACES } from '../../shared/keys/new-key.ts';
import { ApiKeyParams, MintedKeyView } from '../../shared/views/api-key-view.ts';

export const RollApiKeyBody = z.strictObject({
  grace: z
    .enum(ROLL_GRACES)
    .default('24h')
    .meta({ description: 'How long the old key goes on beside the new one.', example: '24h' }),
});
export type RollApiKeyBody = z.output<typeof RollApiKeyBody>;

export const contract = {
  operationId: 'apiKeys.roll',
  tag: 'API keys',
  summary: 'Roll an API key',
  description:
    'A new key with the same rights, whose secret is in this answer and nowhere else; the old one goes on for the grace. Idempotency-Keys of sends stay valid across it.',
  params: ApiKeyParams,
  body: RollApiKeyBody,
  isIdempotent: true,
  responses: { 201: { description: 'The new key, with its secret.', schema: MintedKeyView } },
  errors: ['api_key_not_found', 'api_key_ended', 'conflict', 'idempotency_key_reused'],
} as const satisfies EndpointContract;
