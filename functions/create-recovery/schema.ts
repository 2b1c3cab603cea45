import { CreateRecoveryBody } from '../../shared/brand/create-recovery.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { DryRunView, RecoveryView } from '../../shared/views/recovery-view.ts';

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
