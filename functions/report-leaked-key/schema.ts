import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';

export const RevokedKey = z
  .object({
    id: z.string().meta({ description: 'Id of the key; not the secret.', example: 'key_dZ4VJbDi0aB3' }),
    status: z
      .literal('revoked')
      .meta({ description: 'It works no more, within a minute everywhere.', example: 'revoked' }),
  })
  .meta({ id: 'RevokedKey', description: 'A key that was reported as leaked.' });

export const contract = {
  operationId: 'key.reportLeak',
  tag: 'Account',
  summary: 'Report the key in use as leaked',
  description:
    'Revokes the API key of this request for good. Whoever found a key can shut it off with nothing but the key. The brand mints another in the dashboard.',
  responses: { 200: { description: 'The key is revoked.', schema: RevokedKey } },
  errors: [],
} as const satisfies EndpointContract;
