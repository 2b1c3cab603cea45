import type { Now } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { EventHistory } from '../../shared/store/event-history.ts';
import { EventDetail, eventDetail } from '../../shared/views/event-view.ts';
import type { EventParams } from './schema.ts';

type Deps = { events: Pick<EventHistory, 'find'>; now: Now };

/** GET /webhooks/events/{id} */
export const getEvent =
  ({ events, now }: Deps) =>
  async ({ brandId, params }: ApiRequest<unknown, EventParams>): Promise<ApiResponse> => {
    const event = await events.find(brandId, params.id, now());
    if (!event) throw new ApiError('event_not_found', 'The brand has no event of this id.');
    return answer(200, EventDetail, eventDetail(event));
  };
