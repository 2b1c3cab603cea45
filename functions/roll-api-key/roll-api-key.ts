import { byMember } from '../../shared/audit/change-log.ts';
import type { CreateOnce } from '../../shared/audit/create-once.ts';
import { type Now, toIso } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ApiResponse } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { isAlive } from '../../shared/keys/key-end.ts';
import { mintedAnswer } from '../../shared/keys/mint-key.ts';
import { newKey, ROLL_GRACE_MS } from '../../shared/keys/new-key.ts';
import { type KeyDeps, ownKey } from '../../shared/keys/own-key.ts';
import type { ApiKeyStore } from '../../shared/store/api-key-store.ts';
import type { OrganisationStore } from '../../shared/store/organisation-store.ts';
import type { ApiKeyParams } from '../../shared/views/api-key-view.ts';
import type { RollApiKeyBody } from './schema.ts';

type Deps = KeyDeps & {
  keys: Pick<ApiKeyStore, 'get' | 'inserting' | 'rolling'>;
  organisations: Pick<OrganisationStore, 'beingActive'>;
  create: CreateOnce;
  pepper: () => Promise<{ version: string; pepper: string }>;
  now: Now;
};

/** POST /api-keys/{id}/roll: the new key and the end of the old one in one transaction. */
export const rollApiKey =
  (deps: Deps) =>
  async (request: UserRequest<RollApiKeyBody, ApiKeyParams>): Promise<ApiResponse> => {
    const { organisationId, params, body } = request;
    const old = await ownKey(deps, organisationId, params.id);
    return deps.create(
      request,
      async () => {
        const nowMs = deps.now();
        if (old.revokedAt !== null || !isAlive(old, nowMs))
          throw new ApiError('api_key_ended', 'The key was revoked or rolled, or has expired.');
        const { name, scopes, mode, brandId, expiresAt, requestsPerMinute, otpCountries } = old;
        const order = { name, scopes, mode, brandId, expiresAt, requestsPerMinute, otpCountries };
        const minted = newKey(order, await deps.pepper(), nowMs);
        const endsAt = nowMs + ROLL_GRACE_MS[body.grace];
        return {
          change: {
            ...byMember(request),
            action: 'api_key.rolled',
            target: { type: 'api_key', id: old.keyId },
            brandId,
            before: { revoked_at: null, rolled_to: null },
            after: { revoked_at: toIso(endsAt), rolled_to: minted.key.keyId },
          },
          writes: [
            deps.keys.inserting(minted.key),
            deps.keys.rolling(old, endsAt, minted.key.keyId),
            deps.organisations.beingActive(organisationId),
          ],
          ...mintedAnswer(minted, nowMs),
        };
      },
      () => new ApiError('conflict', 'Somebody else changed or ended the key at the same moment.'),
    );
  };
