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
  /** Of this key; '' where the stage's holds. */
  requests_per_minute: z.string().default(''),
  /** Countries its one-time passwords may go to, ISO 3166-1 alpha-2, with spaces between; '' for all. */
  otp_countries: z.string().default(''),
});
export type AuthorizerContext = z.output<typeof AuthorizerContext>;

export type Identity = {
  keyId: string;
  brandId: string;
  mode: 'live' | 'test';
  /** Of this key, where it has its own. */
  requestsPerMinute?: number;
  /** Where this key's one-time passwords may go; absent for everywhere. */
  otpCountries?: string[];
};

const NO_VALID_KEY = 'The request carries no valid API key.';

/**
 * Who is calling, from the authorizer alone. Absent means refused.
 * @param needsBrand false where a key without a brand will do: `brandId` is then ''
 * The gateway caches the authorizer's answer for a minute, so the expiry is looked at here once more.
 */
export function readIdentity(event: APIGatewayProxyEvent, now: Now, needsBrand = true): Identity {
  const context = AuthorizerContext.safeParse(event.requestContext.authorizer);
  if (!context.success) throw new ApiError('invalid_api_key', NO_VALID_KEY);
  const { key_id, brand_id, mode, expires_at, requests_per_minute, otp_countries } = context.data;
  if (expires_at !== '' && Number(expires_at) <= now()) throw new ApiError('invalid_api_key', NO_VALID_KEY);
  if (needsBrand && brand_id === '') throw new ApiError('brand_not_bound', 'The API key is not bound to a brand.');
  return {
    keyId: key_id,
    brandId: brand_id,
    mode,
    ...(requests_per_minute === '' ? {} : { requestsPerMinute: Number(requests_per_minute) }),
    ...(otp_countries === '' ? {} : { otpCountries: otp_countries.split(' ') }),
  };
}
