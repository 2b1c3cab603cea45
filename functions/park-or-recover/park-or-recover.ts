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

/**
 * Refuses an exhausted event on first sight, so that SQS itself moves it to the dead-letter queue: only such a message
 * remembers its source, which the console's default redrive needs. A redrive brings it back under a new SQS message id,
 * and then what is still undelivered gets a further run. Contract §7.
 * @returns `leave`: refused, SQS moves it; `done`: off the queue
 */
export const parkOrRecover =
  ({ events, enqueue, now }: Deps) =>
  async (
    { event_id, brand_id, run }: ExhaustedDelivery,
    sqsMessage: { id: string; sentAt: number },
  ): Promise<'leave' | 'done'> => {
    const ref = { brandId: brand_id, eventId: event_id };
    if (await events.park(ref, run, sqsMessage.id, now())) return 'leave';

    const event = await events.get(ref);
    if (!event || event.status === 'delivered') return 'done';
    if (event.status === 'failed' && event.run === run) {
      if (event.parkedAs === sqsMessage.id) return 'leave';
      if (sqsMessage.sentAt < movedAt(event.parkedAt ?? 0)) return 'done'; // a second copy from before the move
      await events.startNextRun(ref, run, 'failed');
      logger.info('delivery.redriven', { event_id, brand_id, run: run + 1 });
      count('DeliveryRedriven');
    } else if (event.status !== 'pending' || event.run !== run + 1) {
      return 'done'; // a later run is under way, or has ended with a message of its own
    }
    await enqueue({ kind: 'run', event_id, brand_id, run: run + 1, attempt: 1, even_if_open: false });
    return 'done';
  };

/** SQS moves a refused message when it becomes visible again, and not before: what was sent earlier is no redrive. */
const movedAt = (parkedAt: number): number => parkedAt + EXHAUSTED_VISIBILITY_SECONDS * 1000;
