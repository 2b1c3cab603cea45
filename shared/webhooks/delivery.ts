import * as z from 'zod';
import { TenantEvent } from '../events/envelope.ts';

/** A fresh event on its way to its first attempt: nothing is stored of it before that. */
const FreshDelivery = z.strictObject({
  kind: z.literal('fresh'),
  event: TenantEvent,
  connection_id: z.string(),
});

/** A further run of an event that is stored: a replay, or a redrive from the dead-letter queue. */
const RunDelivery = z.strictObject({
  kind: z.literal('run'),
  event_id: z.string(),
  brand_id: z.string(),
  run: z.number().int().positive(),
});

/** What travels in the queue `deliveries`. */
export const Delivery = z.discriminatedUnion('kind', [FreshDelivery, RunDelivery]);
export type Delivery = z.output<typeof Delivery>;
export type FreshDelivery = z.output<typeof FreshDelivery>;

/** The message group: one brand's backlog does not keep the others waiting. */
export const brandOfDelivery = (delivery: Delivery): string =>
  delivery.kind === 'fresh' ? delivery.event.brand_id : delivery.brand_id;

/** Input and output of the ladder's task, and what its Wait reads `wait_seconds` from. `attempt` is the one to be made next. */
export const LadderStep = z.strictObject({
  event_id: z.string(),
  brand_id: z.string(),
  run: z.number().int().positive(),
  attempt: z.number().int().positive(),
  wait_seconds: z.number().int().nonnegative(),
});
export type LadderStep = z.output<typeof LadderStep>;

/** What travels in `exhausted-deliveries` and comes to rest in the dead-letter queue. */
export const ExhaustedDelivery = z.strictObject({
  event_id: z.string(),
  brand_id: z.string(),
  run: z.number().int().positive(),
});
export type ExhaustedDelivery = z.output<typeof ExhaustedDelivery>;

/** How long a message of `exhausted-deliveries` is out of sight after its refusal, until SQS moves it. Infra builds the queue with it. */
export const EXHAUSTED_VISIBILITY_SECONDS = 10;
