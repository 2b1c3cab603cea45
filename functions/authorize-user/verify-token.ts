import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';

/** Clocks of two machines, seconds. */
const CLOCK_TOLERANCE = 5;
/** Keys are fetched again after this long, and for a key nobody knows at most this often, milliseconds. */
const KEYS_MAX_AGE_MS = 10 * 60_000;
const KEYS_COOLDOWN_MS = 30_000;
const KEYS_TIMEOUT_MS = 4_000;

/**
 * An access token of Cognito: its audience is `client_id`, and `token_use` tells it from an id token, which is for the
 * browser alone. `member_id` is written by add-token-claims; absent for who is nobody's member.
 */
const Claims = z.object({
  sub: z.string().min(1),
  client_id: z.string(),
  token_use: z.literal('access'),
  exp: z.number(),
  member_id: z.string().min(1).optional(),
});

export type VerifiedToken = { userId: string; memberId: string | null; expiresAt: number };
export type VerifyToken = (token: string) => Promise<VerifiedToken | null>;

type Settings = { issuer: string; clientId: string };

/** The provider's public keys, kept in this container. */
export const remoteKeys = (jwksUrl: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: KEYS_MAX_AGE_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    timeoutDuration: KEYS_TIMEOUT_MS,
  });

/**
 * Checks signature, issuer, client, use and time of an access token.
 * @returns null for a token that is not valid
 * @throws what is not the token's fault, e.g. that the keys cannot be fetched
 */
export const verifyTokenWith =
  (keys: JWTVerifyGetKey, { issuer, clientId }: Settings): VerifyToken =>
  async (token) => {
    const claims = Claims.safeParse(await payloadOf(token, keys, issuer));
    if (!claims.success || claims.data.client_id !== clientId) return null;
    const { sub, exp, member_id } = claims.data;
    return { userId: sub, memberId: member_id ?? null, expiresAt: exp * 1000 };
  };

/** What jose says of a token, in contrast to what it says of the keys. */
const OF_THE_TOKEN = new Set<string>([
  errors.JWTClaimValidationFailed.code,
  errors.JWTExpired.code,
  errors.JWTInvalid.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JWKSNoMatchingKey.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
]);

async function payloadOf(token: string, keys: JWTVerifyGetKey, issuer: string): Promise<JWTPayload | null> {
  try {
    const options = { issuer, algorithms: ['RS256'], clockTolerance: CLOCK_TOLERANCE, requiredClaims: ['exp', 'sub'] };
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError && OF_THE_TOKEN.has(error.code)) return null;
    throw error;
  }
}
