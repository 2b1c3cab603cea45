import * as z from 'zod';
import type { Now } from '../clock.ts';
import { EVENT_TYPES } from '../events/event-types.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import { Since, Until } from '../http/fields.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import { newId } from '../ids.ts';
import type { Connection } from '../store/connection-store.ts';
import type { EndpointStore } from '../store/endpoint-store.ts';
import type { EventStore } from '../store/event-store.ts';
import {
  RECOVERABLE_STATUSES,
  type Recovery,
  type RecoveryFilter,
  type RecoveryStore,
} from '../store/recovery-store.ts';
import { DryRunView, filterView, RecoveryView, recoveryView } from '../views/recovery-view.ts';
import { callableEndpoint } from '../webhooks/callable-endpoint.ts';
import type { RecoveryStep } from '../webhooks/delivery.ts';
import { backlogRate } from '../webhooks/endpoint-health.ts';
import { countMatches } from '../webhooks/recovery-match.ts';

/** Which events are to be delivered once more, and how fast. */
export const CreateRecoveryBody = z.strictObject({
  statuses: z
    .array(z.enum(RECOVERABLE_STATUSES))
    .min(1)
    .default(['failed', 'held'])
    .meta({ description: 'How the events stand.', example: ['failed', 'held'] }),
  types: z
    .array(z.enum(EVENT_TYPES))
    .min(1)
    .optional()
    .meta({ description: 'Only these types.', example: ['message.received'] }),
  since: Since,
  until: Until,
  rate_per_second: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .meta({ description: 'Events a second; never more than half of what your endpoint is given.', example: 10 }),
  dry_run: z.boolean().default(false).meta({ description: 'Only count and estimate.', example: true }),
});
export type CreateRecoveryBody = z.output<typeof CreateRecoveryBody>;

/** Events live this long, milliseconds: contract §7. */
const EVENT_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
/** Left for everything but counting when API Gateway's time runs out, milliseconds. */
const RESERVE_MS = 8000;

type Deps = {
  recoveries: RecoveryStore;
  events: EventStore;
  endpoints: EndpointStore;
  connectionOfBrand: (brandId: string) => Promise<Connection | null>;
  /** Starting it twice is the same as once. */
  start: (step: RecoveryStep) => Promise<void>;
  limits: { perSecond: number; inFlight: number };
  now: Now;
};

/**
 * Counts what a filter finds, and unless it is a dry run, begins a recovery. While one with the same filter is running
 * it is the answer: who asks twice gets every event once.
 */
export const createRecovery =
  (deps: Deps) =>
  async ({ brandId, body, remainingMs }: BrandRequest<CreateRecoveryBody>): Promise<ApiResponse> => {
    const now = deps.now();
    const connection = await callableEndpoint(deps.endpoints, await deps.connectionOfBrand(brandId));
    const filter = toFilter(body, now);
    const same = (await deps.recoveries.running(brandId)).find((one) => isSame(one.filter, body, now));
    if (same && !body.dry_run) return accepted(deps, same);

    const endpoint = await deps.endpoints.get(connection);
    const ratePerSecond = Math.min(body.rate_per_second, backlogRate(endpoint, deps.limits));
    const { count, isExact } = await countMatches(deps.events, brandId, filter, () => remainingMs() > RESERVE_MS);
    if (body.dry_run) {
      return answer(200, DryRunView, {
        dry_run: true,
        filter: filterView(filter),
        rate_per_second: ratePerSecond,
        count,
        count_is_exact: isExact,
        estimated_seconds: Math.ceil(count / ratePerSecond),
      });
    }
    const recovery = {
      recoveryId: newId('rec', now),
      brandId,
      connectionId: connection.connectionId,
      status: 'running' as const,
      filter,
      ratePerSecond,
      total: count,
      isTotalExact: isExact,
      enqueued: 0,
      lookedAtUpTo: null,
      createdAt: now,
      endedAt: null,
    };
    await deps.recoveries.insert(recovery);
    return accepted(deps, recovery);
  };

/** Started again for one that was found, too: its first caller may have died before he started it. */
async function accepted(deps: Deps, recovery: Omit<Recovery, 'expiresAt'>): Promise<ApiResponse> {
  await deps.start({ recovery_id: recovery.recoveryId, brand_id: recovery.brandId, wait_seconds: 0 });
  return answer(202, RecoveryView, recoveryView(recovery));
}

const toFilter = ({ statuses, types, since, until }: CreateRecoveryBody, now: number): RecoveryFilter => ({
  statuses: [...new Set(statuses)].sort(),
  types: types ? [...new Set(types)].sort() : null,
  since: since ?? now - EVENT_LIFE_MS,
  until: until ?? now,
});

/** Times that were left out are those of each call. */
const isSame = (running: RecoveryFilter, body: CreateRecoveryBody, now: number): boolean => {
  const asked = toFilter(body, now);
  return (
    JSON.stringify([running.statuses, running.types]) === JSON.stringify([asked.statuses, asked.types]) &&
    (body.since === undefined || body.since === running.since) &&
    (body.until === undefined || body.until === running.until)
  );
};
