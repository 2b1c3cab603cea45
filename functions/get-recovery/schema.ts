import type { EndpointContract } from '../../shared/http/contract.ts';
import { RecoveryParams, RecoveryView } from '../../shared/views/recovery-view.ts';

export const contract = {
  operationId: 'recoveries.get',
  tag: 'Webhooks',
  summary: 'Get a recovery',
  description: 'How far a recovery is.',
  params: RecoveryParams,
  responses: { 200: { description: 'The recovery.', schema: RecoveryView } },
  errors: ['recovery_not_found'],
} as const satisfies EndpointContract;
