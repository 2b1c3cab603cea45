import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandQuery } from '../../shared/http/fields.ts';
import { RecoveryParams, RecoveryView } from '../../shared/views/recovery-view.ts';

export const contract = {
  operationId: 'brandRecoveries.cancel',
  tag: 'Deliveries and history',
  summary: 'Cancel a recovery of a brand',
  description: 'Events it has begun go on, no others are begun. One that has ended stays as it is.',
  params: RecoveryParams,
  query: BrandQuery,
  responses: { 200: { description: 'The recovery.', schema: RecoveryView } },
  errors: ['brand_not_found', 'recovery_not_found'],
} as const satisfies EndpointContract;
