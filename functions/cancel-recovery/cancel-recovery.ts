import type { Now } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { ID_PATTERN } from '../../shared/ids.ts';
import type { RecoveryStore } from '../../shared/store/recovery-store.ts';
import { type RecoveryParams, RecoveryView, recoveryView } from '../../shared/views/recovery-view.ts';

/** Stops a recovery: events it has begun go on, no others are begun. One that has ended stays as it is. */
export const cancelRecovery =
  (recoveries: Pick<RecoveryStore, 'get' | 'end'>, now: Now) =>
  async ({ brandId, params: { id: recoveryId } }: ApiRequest<unknown, RecoveryParams>): Promise<ApiResponse> => {
    const ref = { brandId, recoveryId };
    if (ID_PATTERN.recovery.test(recoveryId)) await recoveries.end(ref, 'cancelled', now());
    const recovery = ID_PATTERN.recovery.test(recoveryId) ? await recoveries.get(ref) : null;
    if (!recovery) throw new ApiError('recovery_not_found', 'The brand has no such recovery.');
    return answer(200, RecoveryView, recoveryView(recovery));
  };
