import { ApiError } from '../errors.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { ID_PATTERN } from '../ids.ts';
import type { Recovery, RecoveryStore } from '../store/recovery-store.ts';
import { type RecoveryParams, RecoveryView, recoveryView } from '../views/recovery-view.ts';

/**
 * Stops a recovery: events it has begun go on, no others are begun. One that has ended stays as it is.
 * @param end writes its end, if it still runs
 */
export const cancelRecovery =
  <Request extends BrandRequest<unknown, RecoveryParams>>(
    recoveries: Pick<RecoveryStore, 'get'>,
    end: (recovery: Pick<Recovery, 'brandId' | 'recoveryId'>, request: Request) => Promise<unknown>,
  ) =>
  async (request: Request): Promise<ApiResponse> => {
    const ref = { brandId: request.brandId, recoveryId: request.params.id };
    const isId = ID_PATTERN.recovery.test(ref.recoveryId);
    if (isId) await end(ref, request);
    const recovery = isId ? await recoveries.get(ref) : null;
    if (!recovery) throw new ApiError('recovery_not_found', 'The brand has no such recovery.');
    return answer(200, RecoveryView, recoveryView(recovery));
  };
