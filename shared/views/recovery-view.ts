import * as z from 'zod';
import { toIso } from '../clock.ts';
import { EVENT_TYPES } from '../events/event-types.ts';
import { RECOVERABLE_STATUSES, type Recovery, type RecoveryFilter } from '../store/recovery-store.ts';

const time = z.iso.datetime();
const id = z.string().meta({ description: 'Id of the recovery.', example: 'rec_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' });

/** A recovery by its place in the path. */
export const RecoveryParams = z.object({ id });
export type RecoveryParams = z.output<typeof RecoveryParams>;

const fields = {
  filter: z
    .object({
      statuses: z
        .array(z.enum(RECOVERABLE_STATUSES))
        .meta({ description: 'How the events stand.', example: ['failed'] }),
      types: z.array(z.enum(EVENT_TYPES)).nullable().meta({ description: 'Their types; null for all.', example: null }),
      since: time.meta({ description: 'They happened at this time or later,', example: '2026-11-20T00:00:00.000Z' }),
      until: time.meta({ description: 'and before this one.', example: '2026-11-22T10:30:00.000Z' }),
    })
    .meta({ description: 'Which events it is about.' }),
  rate_per_second: z.number().meta({ description: 'Events a second, at most.', example: 10 }),
  count: z.number().meta({ description: 'Events that were found when it was asked for.', example: 1200 }),
  count_is_exact: z
    .boolean()
    .meta({ description: 'false: there were more than could be counted in time.', example: true }),
};

export const RecoveryView = z
  .object({
    id,
    status: z.enum(['running', 'completed', 'cancelled', 'stopped']).meta({
      description: 'completed: all are on their way. cancelled: by you. stopped: the endpoint was disabled.',
      example: 'running',
    }),
    ...fields,
    enqueued: z.number().meta({ description: 'Events on their way so far.', example: 350 }),
    created_at: time.meta({ description: 'When it was asked for.', example: '2026-11-22T10:30:00.000Z' }),
    ended_at: time.nullable().meta({ description: 'When it ended; null while it runs.', example: null }),
  })
  .meta({ id: 'Recovery', description: 'Many events delivered once more.' });

export const DryRunView = z
  .object({
    dry_run: z.literal(true).meta({ description: 'Nothing was begun.', example: true }),
    ...fields,
    estimated_seconds: z.number().meta({ description: 'How long it would take.', example: 120 }),
  })
  .meta({ id: 'RecoveryDryRun', description: 'What a recovery would be about.' });

export const filterView = ({ statuses, types, since, until }: RecoveryFilter) => ({
  statuses,
  types,
  since: toIso(since),
  until: toIso(until),
});

export const recoveryView = (recovery: Omit<Recovery, 'expiresAt'>): z.input<typeof RecoveryView> => ({
  id: recovery.recoveryId,
  status: recovery.status,
  filter: filterView(recovery.filter),
  rate_per_second: recovery.ratePerSecond,
  count: recovery.total,
  count_is_exact: recovery.isTotalExact,
  enqueued: recovery.enqueued,
  created_at: toIso(recovery.createdAt),
  ended_at: recovery.endedAt === null ? null : toIso(recovery.endedAt),
});
