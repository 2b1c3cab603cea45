import type { EndpointContract } from '../../shared/http/contract.ts';
import { RecoveryParams, RecoveryView } from '../../shared/views/recovery-view.ts';

export const contract = {
  operationId: 'recoveries.cancel',
  tag: 'Webhooks',
  summary: 'Cancel a recovery',
  description: 'Events it has begun go on, no others are begun. One that has ended stays as it is.',
  params: RecoveryParams,
  responses: { 200: { description: 'The recovery.', schema: RecoveryView } },
  errors: ['recovery_not_found'],
} as const satisfies EndpointContract;
