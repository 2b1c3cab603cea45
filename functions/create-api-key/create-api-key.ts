import { byMember } from '../../shared/audit/change-log.ts';
import type { CreateOnce } from '../../shared/audit/create-once.ts';
import type { Now } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import { requireBrand } from '../../shared/http/brand-request.ts';
import type { ApiResponse } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { keySettings, mintedAnswer, requireFuture } from '../../shared/keys/mint-key.ts';
import { newKey } from '../../shared/keys/new-key.ts';
import type { ApiKeyStore } from '../../shared/store/api-key-store.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import type { OrganisationStore } from '../../shared/store/organisation-store.ts';
import type { CreateApiKeyBody } from './schema.ts';

type Deps = {
  keys: Pick<ApiKeyStore, 'inserting'>;
  brands: Pick<BrandStore, 'ofOrganisation'>;
  organisations: Pick<OrganisationStore, 'beingActive'>;
  create: CreateOnce;
  pepper: () => Promise<{ version: string; pepper: string }>;
  now: Now;
};

/** POST /api-keys */
export const createApiKey =
  ({ keys, brands, organisations, create, pepper, now }: Deps) =>
  async (request: UserRequest<CreateApiKeyBody>): Promise<ApiResponse> => {
    const { brand_id: brandId, name, scopes, mode, expires_at, requests_per_minute, otp_countries } = request.body;
    await requireBrand(brands, request, brandId);
    return create(
      request,
      async () => {
        const nowMs = now();
        requireFuture(expires_at, nowMs);
        const order = {
          ...{ brandId, name, scopes, mode, expiresAt: expires_at ?? null },
          ...(requests_per_minute === undefined ? {} : { requestsPerMinute: requests_per_minute }),
          ...(otp_countries === undefined ? {} : { otpCountries: otp_countries }),
        };
        const minted = newKey(order, await pepper(), nowMs);
        return {
          change: {
            ...byMember(request),
            action: 'api_key.created',
            target: { type: 'api_key', id: minted.key.keyId },
            brandId,
            before: null,
            after: keySettings(minted.key, nowMs),
          },
          // A suspension shuts off the keys it finds: none may come after it.
          writes: [keys.inserting(minted.key), organisations.beingActive(request.organisationId)],
          ...mintedAnswer(minted, nowMs),
        };
      },
      () => new ApiError('conflict', 'The organisation was changed at the same moment.'),
    );
  };
