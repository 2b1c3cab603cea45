import type { APIGatewayAuthorizerResult, PolicyDocument } from 'aws-lambda';
import { hashApiKeySecret, isSameHash, parseApiKey } from '../../shared/api-key.ts';
import type { Now } from '../../shared/clock.ts';
import type { AuthorizerContext } from '../../shared/http/identity.ts';
import { endOf, isAlive } from '../../shared/keys/key-end.ts';
import { logger } from '../../shared/logger.ts';
import { ROUTES } from '../../shared/routes.ts';
import type { Scope } from '../../shared/scopes.ts';
import type { ApiKey, ApiKeyStore } from '../../shared/store/api-key-store.ts';

/** The last use is written at most once in this time, milliseconds: contract §4. */
const LAST_USED_RESOLUTION_MS = 60_000;

type Deps = {
  keys: ApiKeyStore;
  pepper: () => Promise<{ version: string; pepper: string }>;
  now: Now;
};

/** API Gateway answers 401 for this very message and for no other. */
const unauthorized = () => new Error('Unauthorized');

/**
 * API key → what it may call. The answer is cached for 60 s for this key and serves every route, so it names every
 * route that the key's scopes allow, not only the one called.
 * @throws Error('Unauthorized') for missing, malformed, unknown, revoked and expired keys alike
 */
export const authorizeApiKey =
  ({ keys, pepper, now }: Deps) =>
  async (event: { methodArn: string; apiKey: string | undefined }): Promise<APIGatewayAuthorizerResult> => {
    const presented = event.apiKey === undefined ? null : parseApiKey(event.apiKey);
    if (!presented) throw unauthorized();

    const [key, { pepper: hmacKey }] = await Promise.all([keys.get(presented.keyId), pepper()]);
    // Hashed even for an unknown key, so that the time taken tells nothing.
    const isMatch = isSameHash(hashApiKeySecret(presented.secret, hmacKey), key?.secretHash ?? '');
    if (!key || !isMatch || key.mode !== presented.mode || !isAlive(key, now())) throw unauthorized();

    await recordUse(keys, key, now());
    const context: AuthorizerContext = {
      key_id: key.keyId,
      brand_id: key.brandId ?? '',
      scopes: key.scopes.join(' '),
      mode: key.mode,
      // The gateway remembers this answer for a minute; what is known beforehand holds to the second.
      expires_at: String(endOf(key) ?? ''),
      requests_per_minute: String(key.requestsPerMinute ?? ''),
      otp_countries: (key.otpCountries ?? []).join(' '),
    };
    return { principalId: key.keyId, policyDocument: policyFor(event.methodArn, key.scopes), context };
  };

/** A failure to write the last use must not lock a tenant out. */
async function recordUse(keys: ApiKeyStore, key: ApiKey, nowMs: number): Promise<void> {
  if (key.lastUsedAt !== null && nowMs - key.lastUsedAt < LAST_USED_RESOLUTION_MS) return;
  try {
    await keys.touch(key.keyId, nowMs);
  } catch (error) {
    logger.warn('key.last_use_not_recorded', error as Error);
  }
}

/** @param methodArn `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>` of the request at hand */
function policyFor(methodArn: string, scopes: readonly Scope[]): PolicyDocument {
  const stageArn = methodArn.split('/').slice(0, 2).join('/');
  const resources = ROUTES.flatMap((route) => {
    if (route.auth.kind !== 'api-key') return [];
    if (route.auth.scope !== 'any-key' && !scopes.includes(route.auth.scope)) return [];
    return [`${stageArn}/${route.method}${route.path.replaceAll(/\{\w+\}/g, '*')}`];
  });
  // A policy must name something: a key without scopes is a valid key that may call nothing.
  const isAllowed = resources.length > 0;
  const Resource = isAllowed ? resources : [`${stageArn}/*`];
  const statement = { Effect: isAllowed ? 'Allow' : 'Deny', Action: 'execute-api:Invoke', Resource } as const;
  return { Version: '2012-10-17', Statement: [statement] };
}
