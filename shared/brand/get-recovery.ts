import { ApiError } from '../errors.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { ID_PATTERN } from '../ids.ts';
import type { RecoveryStore } from '../store/recovery-store.ts';
import { type RecoveryParams, RecoveryView, recoveryView } from '../views/recovery-view.ts';

/** How far a recovery has come. */
export const getRecovery =
  (recoveries: Pick<RecoveryStore, 'get'>) =>
  async ({ brandId, params: { id: recoveryId } }: BrandRequest<unknown, RecoveryParams>): Promise<ApiResponse> => {
    const recovery = ID_PATTERN.recovery.test(recoveryId) ? await recoveries.get({ brandId, recoveryId }) : null;
    if (!recovery) throw new ApiError('recovery_not_found', 'The brand has no such recovery.');
    return answer(200, RecoveryView, recoveryView(recovery));
  };
