import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { ID_PATTERN } from '../../shared/ids.ts';
import type { RecoveryStore } from '../../shared/store/recovery-store.ts';
import { type RecoveryParams, RecoveryView, recoveryView } from '../../shared/views/recovery-view.ts';

/** How far a recovery has come. */
export const getRecovery =
  (recoveries: Pick<RecoveryStore, 'get'>) =>
  async ({ brandId, params: { id: recoveryId } }: ApiRequest<unknown, RecoveryParams>): Promise<ApiResponse> => {
    const recovery = ID_PATTERN.recovery.test(recoveryId) ? await recoveries.get({ brandId, recoveryId }) : null;
    if (!recovery) throw new ApiError('recovery_not_found', 'The brand has no such recovery.');
    return answer(200, RecoveryView, recoveryView(recovery));
  };
