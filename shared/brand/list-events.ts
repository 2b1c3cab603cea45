import * as z from 'zod';
import type { Now } from '../clock.ts';
import { EVENT_TYPES } from '../events/event-types.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { PageQuery, Since, Until } from '../http/fields.ts';
import { listPage } from '../http/list.ts';
import { pageOf } from '../http/page.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { firstIdAt } from '../ids.ts';
import type { EventHistory } from '../store/event-history.ts';
import { EVENT_STATUSES, type StoredEvent } from '../store/event-store.ts';
import { EventView, eventView } from '../views/event-view.ts';

export const EventsQuery = PageQuery.extend({
  status: z.enum(EVENT_STATUSES).optional().meta({ description: 'How the delivery stands.', example: 'failed' }),
  type: z.enum(EVENT_TYPES).optional().meta({ description: 'Type of the event.', example: 'message.received' }),
  since: Since.meta({ description: 'It happened at this time or later.', example: '2026-11-01T00:00:00Z' }),
  until: Until.meta({ description: 'It happened before this time.', example: '2026-12-01T00:00:00Z' }),
});
export type EventsQuery = z.output<typeof EventsQuery>;

export const EventsPage = pageOf('EventsPage', EventView);

type Deps = { events: EventHistory; cursorKey: () => Promise<string>; now: Now };

/** GET /webhooks/events */
export const listEvents =
  ({ events, cursorKey, now }: Deps) =>
  async ({ brandId, query }: BrandRequest<unknown, unknown, EventsQuery>): Promise<ApiResponse> => {
    const bounds = {
      from: query.since === undefined ? undefined : firstIdAt('evt', query.since),
      below: query.until === undefined ? undefined : firstIdAt('evt', query.until),
    };
    const page = await listPage(
      { cursorKey, owner: brandId, resource: 'events' },
      query,
      (at) => events.list(brandId, { ...at, ...bounds }, matches(query), now()),
      eventView,
    );
    return answer(200, EventsPage, page);
  };

const matches =
  ({ status, type }: EventsQuery) =>
  (event: StoredEvent): boolean =>
    (status === undefined || event.status === status) && (type === undefined || event.type === type);
