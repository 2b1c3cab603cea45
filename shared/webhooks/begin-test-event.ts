import type { Now } from '../clock.ts';
import type { Connection } from '../store/connection-store.ts';
import type { EventStore, NewEvent } from '../store/event-store.ts';
import type { Delivery, RunDelivery } from './delivery.ts';
import { webhookTest } from './endpoint-events.ts';

type Of = Pick<Connection, 'connectionId' | 'brandId'>;
type Deps = { events: Pick<EventStore, 'insert'>; enqueue: (delivery: Delivery) => Promise<void>; now: Now };

/**
 * A signed `webhook.test` on its way to a connection's endpoint, whatever its event filter says: it is asked for.
 * Written down first, so that its id can be looked up at once; retried like any other.
 * @param at with `key` it makes the id: the same is the same event, however often it is begun
 */
export async function beginTestEvent(
  { events, enqueue, now }: Deps,
  connection: Of,
  { at, key }: { at: number; key: string },
): Promise<string> {
  const event = testEvent(connection, { at, key }, now());
  await events.insert(event);
  await enqueue(firstRun(event));
  return event.eventId;
}

/** How a test event is written down before its first attempt. */
export function testEvent(
  { connectionId, brandId }: Of,
  { at, key }: { at: number; key: string },
  createdAt: number,
): NewEvent {
  const event = webhookTest({ brandId, connectionId, at, key });
  const { id: eventId, type } = event;
  return { eventId, brandId, connectionId, type, event, status: 'pending', run: 1, attempts: [], createdAt };
}

/** Its first attempt. Twice in the queue it is made once. */
export const firstRun = ({ eventId, brandId }: Pick<NewEvent, 'eventId' | 'brandId'>): RunDelivery => ({
  ...{ kind: 'run', event_id: eventId, brand_id: brandId, run: 1, attempt: 1 },
  even_if_open: true,
});
