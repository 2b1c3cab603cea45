import { toIso } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { ApiKeyStore } from '../../shared/store/api-key-store.ts';
import { KeyView } from './schema.ts';

type Limits = { requestsPerSecond: number; burst: number };
type Deps = { keys: Pick<ApiKeyStore, 'get'>; limits: Limits };

/** GET /key. The stored key, for what the gateway remembers of it may be a minute old. */
export const getKey =
  ({ keys, limits }: Deps) =>
  async ({ keyId }: ApiRequest): Promise<ApiResponse> => {
    const key = await keys.get(keyId);
    if (!key) throw new ApiError('invalid_api_key', 'The request carries no valid API key.');
    const timeOrNull = (at: number | null) => (at === null ? null : toIso(at));
    return answer(200, KeyView, {
      id: key.keyId,
      name: key.name,
      mode: key.mode,
      brand_id: key.brandId || null,
      scopes: key.scopes,
      limits: {
        requests_per_second: limits.requestsPerSecond,
        burst: limits.burst,
        otp_per_recipient_per_hour: null,
      },
      created_at: toIso(key.createdAt),
      expires_at: timeOrNull(key.expiresAt),
      last_used_at: timeOrNull(key.lastUsedAt),
    });
  };
