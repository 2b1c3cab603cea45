import * as z from 'zod';
import { toIso } from '../clock.ts';
import { EVENT_TYPES } from './event-types.ts';

/** An event as it is kept: everything but `delivered_at`, which is the time of an attempt. Contract §6. */
export const TenantEvent = z.strictObject({
  id: z.string(),
  type: z.enum(EVENT_TYPES),
  version: z.literal('1'),
  occurred_at: z.iso.datetime(),
  brand_id: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type TenantEvent = z.output<typeof TenantEvent>;

/** The body of one attempt, in the product page's order. Everything but `delivered_at` is the same in every attempt and replay. */
export function attemptBody(event: TenantEvent, attemptedAt: number): string {
  const { id, type, version, occurred_at, brand_id, data } = event;
  return JSON.stringify({ id, type, version, occurred_at, delivered_at: toIso(attemptedAt), brand_id, data });
}
