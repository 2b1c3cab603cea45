import type { Now } from '../../shared/clock.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { firstIdAt } from '../../shared/ids.ts';
import type { EventHistory } from '../../shared/store/event-history.ts';
import type { StoredEvent } from '../../shared/store/event-store.ts';
import { eventView } from '../../shared/views/event-view.ts';
import { EventsPage, type EventsQuery } from './schema.ts';

type Deps = { events: EventHistory; cursorKey: () => Promise<string>; now: Now };

/** GET /webhooks/events */
export const listEvents =
  ({ events, cursorKey, now }: Deps) =>
  async ({ brandId, query }: ApiRequest<unknown, unknown, EventsQuery>): Promise<ApiResponse> => {
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
