import type { Now } from '../../shared/clock.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import type { ApiKeyStore } from '../../shared/store/api-key-store.ts';
import { RevokedKey } from './schema.ts';

type Deps = { keys: Pick<ApiKeyStore, 'revoke'>; now: Now };

/** POST /key/report-leak. The key shuts itself off: who has it could do worse, and who found it need be nobody. */
export const reportLeakedKey =
  ({ keys, now }: Deps) =>
  async ({ keyId }: ApiRequest): Promise<ApiResponse> => {
    await keys.revoke(keyId, now(), 'leaked');
    logger.warn('key.reported_leaked', { key_id: keyId });
    count('KeyReportedLeaked');
    return answer(200, RevokedKey, { id: keyId, status: 'revoked' });
  };
