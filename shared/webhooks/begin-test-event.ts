import type { Now } from '../clock.ts';
import type { Connection } from '../store/connection-store.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Delivery } from './delivery.ts';
import { webhookTest } from './endpoint-events.ts';

type Deps = { events: Pick<EventStore, 'insert'>; enqueue: (delivery: Delivery) => Promise<void>; now: Now };

/**
 * A signed `webhook.test` on its way to a connection's endpoint, whatever its event filter says: it is asked for.
 * Written down first, so that its id can be looked up at once; retried like any other.
 * @param at with `key` it makes the id: the same is the same event, however often it is begun
 */
export async function beginTestEvent(
  { events, enqueue, now }: Deps,
  { connectionId, brandId }: Pick<Connection, 'connectionId' | 'brandId'>,
  { at, key }: { at: number; key: string },
): Promise<string> {
  const event = webhookTest({ brandId, connectionId, at, key });
  const begun = { status: 'pending' as const, run: 1, attempts: [], createdAt: now() };
  await events.insert({ eventId: event.id, brandId, ...begun, connectionId, type: event.type, event });
  await enqueue({ kind: 'run', event_id: event.id, brand_id: brandId, run: 1, attempt: 1, even_if_open: true });
  return event.id;
}
