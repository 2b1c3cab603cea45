import * as z from 'zod';
import { TenantEvent } from '../events/envelope.ts';

/** A fresh event on its way to its first attempt: nothing is stored of it before that. */
const FreshDelivery = z.strictObject({
  kind: z.literal('fresh'),
  event: TenantEvent,
  connection_id: z.string(),
  /** The fast lane has begun the attempt and could not wait for its end: by now it may be written down. */
  is_begun: z.literal(true).optional(),
});

/** One attempt of an event that is stored: a replay, a redrive, a recovery, a release, a probe. Done once, however often it comes. */
const RunDelivery = z.strictObject({
  kind: z.literal('run'),
  event_id: z.string(),
  brand_id: z.string(),
  run: z.number().int().positive(),
  /** Counted from 1; what was made already is not made again. */
  attempt: z.number().int().positive().default(1),
  /**
   * Begins the run when the one before it still stands so: a redrive does so for what failed, a replay for what was
   * delivered too, a recovery also for what is held. Begun by who takes the message and not by who sends it, so that a
   * run that has begun is in a queue.
   */
  after: z.enum(['failed', 'delivered', 'held']).optional(),
  /** The recovery that begins it. */
  started_by: z.string().optional(),
  /** Somebody asked for it, or it is the probe: an open breaker does not hold it back. */
  even_if_open: z.boolean().default(false),
});

/** What travels in the queues `deliveries` (fresh events) and `slow-deliveries` (both kinds). */
export const Delivery = z.discriminatedUnion('kind', [FreshDelivery, RunDelivery]);
export type Delivery = z.output<typeof Delivery>;
export type FreshDelivery = z.output<typeof FreshDelivery>;
export type RunDelivery = z.output<typeof RunDelivery>;

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

/** Input and output of the task of `endpoint-watch`: one turn of probing an open endpoint, or of releasing what was held. */
export const WatchStep = z.strictObject({
  connection_id: z.string(),
  brand_id: z.string(),
  /** The endpoint's number of this watch: when another has begun, this one ends. */
  watch: z.number().int().nonnegative(),
  /** Held events up to this id have been released in this pass. */
  after: z.string().nullable(),
  /** When this pass over what is held began, and whether it found anything. */
  pass_started_at: z.number(),
  found: z.boolean(),
  wait_seconds: z.number().int().nonnegative(),
});
export type WatchStep = z.output<typeof WatchStep>;

/** Input and output of the task of `event-recovery`: one turn of a recovery. */
export const RecoveryStep = z.strictObject({
  recovery_id: z.string(),
  brand_id: z.string(),
  wait_seconds: z.number().int().nonnegative(),
});
export type RecoveryStep = z.output<typeof RecoveryStep>;

/** What a loop carries along to go on in another execution: shared/webhooks/go-on.ts. */
const LOOP = { turns: z.number().int().nonnegative().default(0), part: z.number().int().nonnegative().default(0) };
export const WatchTurn = WatchStep.extend(LOOP);
export const RecoveryTurn = RecoveryStep.extend(LOOP);

/** How long after the fast lane gave it up the slow one looks at an event: more than its attempt may still take. */
export const BEGUN_DELAY_SECONDS = 20;

/** What travels in `exhausted-deliveries` and comes to rest in the dead-letter queue. */
export const ExhaustedDelivery = z.strictObject({
  event_id: z.string(),
  brand_id: z.string(),
  run: z.number().int().positive(),
  /** When it was handed to the queue. Whoever does so lives a minute at most, so what SQS dates later was redriven. */
  exhausted_at: z.number().optional(),
});
export type ExhaustedDelivery = z.output<typeof ExhaustedDelivery>;

/** How long a message of `exhausted-deliveries` is out of sight after its refusal, until SQS moves it. Infra builds the queue with it. */
export const EXHAUSTED_VISIBILITY_SECONDS = 10;

/**
 * Whatever was in the dead-letter queue may come to any of these queues: a redrive with a custom destination does not
 * look at what it moves. Each consumer passes on what is another's.
 */
export const AnyDelivery = z.union([Delivery, ExhaustedDelivery]);
export const isExhausted = (message: z.output<typeof AnyDelivery>): message is ExhaustedDelivery =>
  !('kind' in message);
