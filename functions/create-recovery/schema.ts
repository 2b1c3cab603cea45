import * as z from 'zod';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { Since, Until } from '../../shared/http/fields.ts';
import { RECOVERABLE_STATUSES } from '../../shared/store/recovery-store.ts';
import { DryRunView, RecoveryView } from '../../shared/views/recovery-view.ts';

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

export const contract = {
  operationId: 'recoveries.create',
  tag: 'Webhooks',
  summary: 'Deliver many events once more',
  description:
    'Begins a further run of every event the filter finds. While a recovery with the same filter runs, it is the answer.',
  body: CreateRecoveryBody,
  responses: {
    200: { description: 'Of a dry run.', schema: DryRunView },
    202: { description: 'The recovery has begun.', schema: RecoveryView },
  },
  errors: ['connection_not_found', 'endpoint_disabled'],
} as const satisfies EndpointContract;
