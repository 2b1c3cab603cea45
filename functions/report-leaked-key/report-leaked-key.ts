import type { ChangeLog } from '../../shared/audit/change-log.ts';
import { type Now, toIso } from '../../shared/clock.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import type { ApiKeyStore } from '../../shared/store/api-key-store.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import { RevokedKey } from './schema.ts';

type Deps = {
  keys: Pick<ApiKeyStore, 'revoke' | 'revoking'>;
  brands: Pick<BrandStore, 'get'>;
  changes: ChangeLog;
  now: Now;
};

/** POST /key/report-leak. The key shuts itself off: who has it could do worse, and who found it need be nobody. */
export const reportLeakedKey =
  (deps: Deps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const { keyId } = request;
    const at = deps.now();
    await revokeAndNote(deps, request, at).catch(async (error: unknown) => {
      // It is shut off even where that cannot be noted; what was written all the same is written once.
      logger.error('key.leak_not_noted', { key_id: keyId, error: error as Error });
      await deps.keys.revoke(keyId, at, 'leaked');
    });
    logger.warn('key.reported_leaked', { key_id: keyId });
    count('KeyReportedLeaked');
    return answer(200, RevokedKey, { id: keyId, status: 'revoked' });
  };

async function revokeAndNote(deps: Deps, { keyId, brandId, requestId }: ApiRequest, at: number): Promise<void> {
  const brand = brandId === '' ? null : await deps.brands.get(brandId);
  // A key that is bound to no brand is no organisation's, whose log could tell of it.
  if (!brand) {
    await deps.keys.revoke(keyId, at, 'leaked');
    return;
  }
  const change = {
    actor: { kind: 'system' as const, id: 'report-leak' },
    organisationId: brand.organisationId,
    requestId,
    action: 'api_key.revoked' as const,
    target: { type: 'api_key' as const, id: keyId },
    brandId,
    before: null,
    after: { revoked_at: toIso(at), because: 'leaked' },
  };
  await deps.changes.commit(change, [deps.keys.revoking(keyId, at, 'leaked')]);
}
