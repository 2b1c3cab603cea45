import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';

/** What the authorizer passes on; API Gateway makes a string of every value. The only source of the brand. */
export const AuthorizerContext = z.object({
  key_id: z.string().min(1),
  brand_id: z.string(),
  scopes: z.string(),
  mode: z.enum(['live', 'test']),
  /** Epoch milliseconds, or '' when the key does not expire. */
  expires_at: z.string(),
});
export type AuthorizerContext = z.output<typeof AuthorizerContext>;

export type Identity = { keyId: string; brandId: string; mode: 'live' | 'test' };

const NO_VALID_KEY = 'The request carries no valid API key.';

/**
 * Who is calling, from the authorizer alone. Absent means refused.
 * @param needsBrand false where a key without a brand will do: `brandId` is then ''
 * The gateway caches the authorizer's answer for a minute, so the expiry is looked at here once more.
 */
export function readIdentity(event: APIGatewayProxyEvent, now: Now, needsBrand = true): Identity {
  const context = AuthorizerContext.safeParse(event.requestContext.authorizer);
  if (!context.success) throw new ApiError('invalid_api_key', NO_VALID_KEY);
  const { key_id, brand_id, mode, expires_at } = context.data;
  if (expires_at !== '' && Number(expires_at) <= now()) throw new ApiError('invalid_api_key', NO_VALID_KEY);
  if (needsBrand && brand_id === '') throw new ApiError('brand_not_bound', 'The API key is not bound to a brand.');
  return { keyId: key_id, brandId: brand_id, mode };
}
