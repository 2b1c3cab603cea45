import { toIso } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { endOf } from '../../shared/keys/key-end.ts';
import type { LimitDefaults } from '../../shared/limits/send-limits.ts';
import type { ApiKey, ApiKeyStore } from '../../shared/store/api-key-store.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import { KeyView } from './schema.ts';

type Deps = {
  keys: Pick<ApiKeyStore, 'get'>;
  connectionOf: ConnectionStore['activeOfBrand'];
  /** Of the whole API. */
  api: { requestsPerSecond: number; burst: number };
  defaults: LimitDefaults;
};

/** GET /key. The stored key, for what the gateway remembers of it may be a minute old. */
export const getKey =
  ({ keys, connectionOf, api, defaults }: Deps) =>
  async ({ keyId }: ApiRequest): Promise<ApiResponse> => {
    const key = await keys.get(keyId);
    if (!key) throw new ApiError('invalid_api_key', 'The request carries no valid API key.');
    const connection = isLive(key) ? await connectionOf(key.brandId ?? '') : null;
    // As a send of this key would find them (shared/limits/send-limits.ts).
    const own = { ...defaults, ...connection?.limits };
    const timeOrNull = (at: number | null) => (at === null ? null : toIso(at));
    return answer(200, KeyView, {
      id: key.keyId,
      name: key.name,
      mode: key.mode,
      brand_id: key.brandId || null,
      scopes: key.scopes,
      limits: {
        requests_per_second: api.requestsPerSecond,
        burst: api.burst,
        sends_per_minute: key.requestsPerMinute ?? own.keyRequestsPerMinute,
        otp_per_recipient_per_hour: null,
        otp_per_recipient_per_ten_minutes: own.otpPerTenMinutes,
        otp_per_recipient_per_day: own.otpPerDay,
        otp_countries: key.otpCountries ?? null,
        messages_per_recipient_burst: own.pairBurst,
        messages_per_second: own.messagesPerSecond,
      },
      created_at: toIso(key.createdAt),
      expires_at: timeOrNull(endOf(key)),
      last_used_at: timeOrNull(key.lastUsedAt),
    });
  };

/** Sandbox keys need no connection, and have the stage's limits. */
const isLive = ({ mode, brandId }: ApiKey): boolean => mode === 'live' && brandId !== undefined && brandId !== '';
