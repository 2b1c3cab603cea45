import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { ApiKeyParams, ApiKeyView } from '../../shared/views/api-key-view.ts';

export const RevokeQuery = z.strictObject({
  now: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({
      description: 'For a key in wrong hands: it ends at once, and not within 60 seconds. Every key is looked up anew.',
      example: 'true',
    }),
});
export type RevokeQuery = z.output<typeof RevokeQuery>;

export const contract = {
  operationId: 'apiKeys.revoke',
  tag: 'API keys',
  summary: 'Revoke an API key',
  description: 'It works no more within 60 seconds, for good. One that has ended stays as it is.',
  params: ApiKeyParams,
  query: RevokeQuery,
  responses: { 200: { description: 'The key as it is now.', schema: ApiKeyView } },
  errors: ['api_key_not_found'],
} as const satisfies EndpointContract;
