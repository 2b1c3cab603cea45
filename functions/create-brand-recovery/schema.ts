import { CreateRecoveryBody } from '../../shared/brand/create-recovery.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';
import { DryRunView, RecoveryView } from '../../shared/views/recovery-view.ts';

export const contract = {
  operationId: 'brandRecoveries.create',
  tag: 'Deliveries and history',
  summary: 'Deliver many events of a brand once more',
  description:
    'Begins a further run of every event the filter finds. While a recovery with the same filter runs, it is the answer.',
  body: CreateRecoveryBody.extend({ brand_id: BrandId }),
  responses: {
    200: { description: 'Of a dry run.', schema: DryRunView },
    202: { description: 'The recovery has begun.', schema: RecoveryView },
  },
  errors: ['brand_not_found', 'connection_not_found', 'endpoint_disabled'],
} as const satisfies EndpointContract;
