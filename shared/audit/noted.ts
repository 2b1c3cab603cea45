import type { BrandRequest } from '../http/brand-request.ts';
import type { ApiResponse } from '../http/response.ts';
import type { UserRequest } from '../http/user-handler.ts';
import { byMember, type Change, type ChangeLog } from './change-log.ts';

type What = Pick<Change, 'action' | 'target' | 'after'>;

/**
 * Work whose effect is not one write of ours: a queue, a state machine. It is noted when it is done; when the note fails
 * the caller hears of it and repeats, which asks for the same effect.
 * @param what null for what changed nothing
 */
export const noted =
  <Body, Params, Query>(
    changes: ChangeLog,
    work: (request: UserRequest & BrandRequest<Body, Params, Query>) => Promise<ApiResponse>,
    what: (request: BrandRequest<Body, Params, Query>, response: ApiResponse) => What | null,
  ) =>
  async (request: UserRequest & BrandRequest<Body, Params, Query>): Promise<ApiResponse> => {
    const response = await work(request);
    const done = what(request, response);
    if (done) await changes.commit({ ...byMember(request), ...done, brandId: request.brandId, before: null }, []);
    return response;
  };
