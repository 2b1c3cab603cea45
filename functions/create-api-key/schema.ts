import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';
import { KeyExpiry } from '../../shared/views/api-key-fields.ts';
import {
  KeyCountries,
  KeyName,
  KeyRequestsPerMinute,
  KeyScopes,
  MintedKeyView,
} from '../../shared/views/api-key-view.ts';

export const CreateApiKeyBody = z.strictObject({
  brand_id: BrandId,
  name: KeyName,
  scopes: KeyScopes,
  mode: z
    .enum(['live', 'test'])
    .default('live')
    .meta({ description: '`test`: a sandbox key, whose sends reach nobody.', example: 'live' }),
  expires_at: KeyExpiry.optional(),
  requests_per_minute: KeyRequestsPerMinute.optional(),
  otp_countries: KeyCountries.optional(),
});
export type CreateApiKeyBody = z.output<typeof CreateApiKeyBody>;

export const contract = {
  operationId: 'apiKeys.create',
  tag: 'API keys',
  summary: 'Mint an API key',
  description:
    'The secret is in this answer and nowhere else, ever: keep it where your backend keeps its secrets. A repetition with the same Idempotency-Key gets the key without it.',
  body: CreateApiKeyBody,
  isIdempotent: true,
  responses: { 201: { description: 'The key, with its secret.', schema: MintedKeyView } },
  errors: ['brand_not_found', 'idempotency_key_reused', 'conflict'],
} as const satisfies EndpointContract;
