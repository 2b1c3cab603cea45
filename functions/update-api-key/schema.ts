import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { orNull } from '../../shared/http/page.ts';
import { KeyExpiry } from '../../shared/views/api-key-fields.ts';
import {
  ApiKeyParams,
  ApiKeyView,
  KeyCountries,
  KeyName,
  KeyRequestsPerMinute,
  KeyScopes,
} from '../../shared/views/api-key-view.ts';

const nullable = <T extends z.ZodType>(schema: T, description: string, example: unknown) =>
  orNull(schema).optional().meta({ description, example });

export const UpdateApiKeyBody = z.strictObject({
  name: KeyName.optional(),
  scopes: KeyScopes.optional().meta({
    description: 'All it may do from now on: more than before, or less.',
    example: ['whatsapp:send_otp', 'whatsapp:reply'],
  }),
  expires_at: nullable(KeyExpiry, 'When it ends by itself; null for never.', '2027-01-01T00:00:00Z'),
  requests_per_minute: nullable(KeyRequestsPerMinute, 'Its own limit of sends; null for the usual one.', 600),
  otp_countries: nullable(KeyCountries, 'Where its one-time passwords may go; null for everywhere.', ['DE']),
});
export type UpdateApiKeyBody = z.output<typeof UpdateApiKeyBody>;

export const contract = {
  operationId: 'apiKeys.update',
  tag: 'API keys',
  summary: 'Change an API key',
  description:
    'Name, scopes, expiry and limits; what is left out stays. Its brand never changes. Holds within 60 seconds.',
  params: ApiKeyParams,
  body: UpdateApiKeyBody,
  responses: { 200: { description: 'The key as it is now.', schema: ApiKeyView } },
  errors: ['api_key_not_found', 'api_key_ended', 'conflict'],
} as const satisfies EndpointContract;
