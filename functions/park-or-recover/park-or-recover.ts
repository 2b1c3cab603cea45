import type { Now } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import type { EventStore } from '../../shared/store/event-store.ts';
import { type Delivery, EXHAUSTED_VISIBILITY_SECONDS, type ExhaustedDelivery } from '../../shared/webhooks/delivery.ts';

type Deps = {
  events: EventStore;
  /** Resolves when the run is safely on the queue `slow-deliveries`. */
  enqueue: (delivery: Delivery) => Promise<void>;
  now: Now;
};

/** Longer than the functions that hand over an exhausted event live, milliseconds: infra's DELIVER_TIMEOUT. */
const MAX_HANDING_OVER_MS = 60_000;

/**
 * Refuses an exhausted event on first sight, so that SQS itself moves it to the dead-letter queue: only such a message
 * remembers its source, which the console's default redrive needs. A redrive brings it back under a new SQS message id
 * and a new send time, and then what is still undelivered gets a further run. Contract §7.
 * @returns `leave`: refused, SQS moves it; `done`: off the queue
 */
export const parkOrRecover =
  ({ events, enqueue, now }: Deps) =>
  async (
    { event_id, brand_id, run, exhausted_at }: ExhaustedDelivery,
    sqsMessage: { id: string; sentAt: number },
  ): Promise<'leave' | 'done'> => {
    const ref = { brandId: brand_id, eventId: event_id };
    // Also when nobody noted it on first sight: SQS moves a message after a throttled or crashed invocation, too.
    const isOldNews = exhausted_at !== undefined && sqsMessage.sentAt - exhausted_at > MAX_HANDING_OVER_MS;
    if (!isOldNews && (await events.park(ref, run, sqsMessage.id, now()))) return 'leave';

    const event = await events.get(ref);
    // Delivered meanwhile; or a later run is under way, or has ended with a message of its own.
    if (event?.status !== 'failed' || event.run !== run) return 'done';
    if (event.parkedAs === sqsMessage.id) return 'leave';
    if (sqsMessage.sentAt < movedAt(event.parkedAt ?? 0)) return 'done'; // a second copy from before the move
    logger.info('delivery.redriven', { event_id, brand_id, run: run + 1 });
    count('DeliveryRedriven');
    await enqueue({
      kind: 'run',
      event_id,
      brand_id,
      run: run + 1,
      attempt: 1,
      after: 'failed',
      even_if_open: false,
    });
    return 'done';
  };

/** SQS moves a refused message when it becomes visible again, and not before: what was sent earlier is no redrive. */
const movedAt = (parkedAt: number): number => parkedAt + EXHAUSTED_VISIBILITY_SECONDS * 1000;
