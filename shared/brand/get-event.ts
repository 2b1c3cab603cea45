import * as z from 'zod';
import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import type { EventHistory } from '../store/event-history.ts';
import { EventDetail, eventDetail } from '../views/event-view.ts';

export const EventParams = z.object({
  id: z.string().meta({ description: 'Id of the event.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
});
export type EventParams = z.output<typeof EventParams>;

type Deps = { events: Pick<EventHistory, 'find'>; now: Now };

/** GET /webhooks/events/{id} */
export const getEvent =
  ({ events, now }: Deps) =>
  async ({ brandId, params }: BrandRequest<unknown, EventParams>): Promise<ApiResponse> => {
    const event = await events.find(brandId, params.id, now());
    if (!event) throw new ApiError('event_not_found', 'The brand has no event of this id.');
    return answer(200, EventDetail, eventDetail(event));
  };
