import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { ID_PATTERN } from '../ids.ts';
import type { RecoveryStore } from '../store/recovery-store.ts';
import { type RecoveryParams, RecoveryView, recoveryView } from '../views/recovery-view.ts';

/** Stops a recovery: events it has begun go on, no others are begun. One that has ended stays as it is. */
export const cancelRecovery =
  (recoveries: Pick<RecoveryStore, 'get' | 'end'>, now: Now) =>
  async ({ brandId, params: { id: recoveryId } }: BrandRequest<unknown, RecoveryParams>): Promise<ApiResponse> => {
    const ref = { brandId, recoveryId };
    if (ID_PATTERN.recovery.test(recoveryId)) await recoveries.end(ref, 'cancelled', now());
    const recovery = ID_PATTERN.recovery.test(recoveryId) ? await recoveries.get(ref) : null;
    if (!recovery) throw new ApiError('recovery_not_found', 'The brand has no such recovery.');
    return answer(200, RecoveryView, recoveryView(recovery));
  };
