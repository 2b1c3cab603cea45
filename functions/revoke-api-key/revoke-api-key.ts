import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import { type Now, toIso } from '../../shared/clock.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { type KeyDeps, ownKey } from '../../shared/keys/own-key.ts';
import type { ApiKeyStore } from '../../shared/store/api-key-store.ts';
import { type ApiKeyParams, ApiKeyView, apiKeyView } from '../../shared/views/api-key-view.ts';
import type { RevokeQuery } from './schema.ts';

type Deps = KeyDeps & {
  keys: Pick<ApiKeyStore, 'get' | 'revoking'>;
  changes: ChangeLog;
  /** Makes the tenants' gateway forget what it remembers of keys. */
  flush: () => Promise<void>;
  now: Now;
};

/** DELETE /api-keys/{id} */
export const revokeApiKey =
  (deps: Deps) =>
  async (request: UserRequest<unknown, ApiKeyParams, RevokeQuery>): Promise<ApiResponse> => {
    const { organisationId, params, query } = request;
    const before = await ownKey(deps, organisationId, params.id);
    const nowMs = deps.now();
    const timeOrNull = (at: number | null) => (at === null ? null : toIso(at));
    const change = {
      ...byMember(request),
      action: 'api_key.revoked' as const,
      target: { type: 'api_key' as const, id: before.keyId },
      brandId: before.brandId,
      before: { revoked_at: timeOrNull(before.revokedAt) },
      after: { revoked_at: toIso(nowMs), at_once: query.now },
    };
    // Nothing is written, and nothing noted, when it ends as early already.
    await deps.changes.commit(change, [deps.keys.revoking(before.keyId, nowMs, 'by_hand')]);
    // Also for one that is revoked: the first call may have died before this.
    if (query.now) await deps.flush();
    const after = (await deps.keys.get(before.keyId)) ?? before;
    return answer(200, ApiKeyView, apiKeyView(after, nowMs));
  };
