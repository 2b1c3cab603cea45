import { isDeepStrictEqual } from 'node:util';
import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import type { Now } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { isAlive } from '../../shared/keys/key-end.ts';
import { keySettings, requireFuture } from '../../shared/keys/mint-key.ts';
import { type KeyDeps, ownKey } from '../../shared/keys/own-key.ts';
import type { ApiKey, ApiKeyStore } from '../../shared/store/api-key-store.ts';
import { type ApiKeyParams, ApiKeyView, apiKeyView } from '../../shared/views/api-key-view.ts';
import type { UpdateApiKeyBody } from './schema.ts';

type Deps = KeyDeps & { keys: Pick<ApiKeyStore, 'get' | 'changing'>; changes: ChangeLog; now: Now };

/** PATCH /api-keys/{id} */
export const updateApiKey =
  (deps: Deps) =>
  async (request: UserRequest<UpdateApiKeyBody, ApiKeyParams>): Promise<ApiResponse> => {
    const before = await ownKey(deps, request.organisationId, request.params.id);
    const nowMs = deps.now();
    requireFuture(request.body.expires_at, nowMs);
    if (before.revokedAt !== null || !isAlive(before, nowMs)) {
      throw new ApiError('api_key_ended', 'The key was revoked or rolled, or has expired.');
    }
    const change = changesTo(before, request.body);
    const after = { ...before, ...change };
    if (Object.keys(change).length > 0) {
      const entry = {
        ...byMember(request),
        action: 'api_key.updated' as const,
        target: { type: 'api_key' as const, id: before.keyId },
        brandId: before.brandId,
        before: keySettings(before, nowMs),
        after: keySettings(after, nowMs),
      };
      const failed = await deps.changes.commit(entry, [deps.keys.changing(before, change)]);
      if (failed.length > 0) throw new ApiError('conflict', 'Somebody else changed the key at the same moment.');
    }
    return answer(200, ApiKeyView, apiKeyView(after, nowMs));
  };

type Settings = Pick<ApiKey, 'name' | 'scopes' | 'expiresAt' | 'requestsPerMinute' | 'otpCountries'>;

/** Only what becomes different; a limit that is taken back is undefined. */
function changesTo(before: ApiKey, body: UpdateApiKeyBody): Partial<Settings> {
  const asked: Partial<Settings> = {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.scopes === undefined ? {} : { scopes: body.scopes }),
    ...(body.expires_at === undefined ? {} : { expiresAt: body.expires_at }),
    ...(body.requests_per_minute === undefined ? {} : { requestsPerMinute: body.requests_per_minute ?? undefined }),
    ...(body.otp_countries === undefined ? {} : { otpCountries: body.otp_countries ?? undefined }),
  };
  const different = Object.entries(asked).filter(
    ([name, value]) => !isDeepStrictEqual(before[name as keyof Settings], value),
  );
  return Object.fromEntries(different);
}
