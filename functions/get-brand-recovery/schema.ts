import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandQuery } from '../../shared/http/fields.ts';

import { RecoveryParams, RecoveryView } from '../../shared/views/recovery-view.ts';

export const contract = {
  operationId: 'brandRecoveries.get',
  tag: 'Deliveries and history',
  summary: 'Get a recovery of a brand',
  description: 'As in the external API, for one of your brands.',
  params: RecoveryParams,
  query: BrandQuery,
  responses: { 200: { description: 'It.', schema: RecoveryView } },
  errors: ['brand_not_found', 'recovery_not_found'],
} as const satisfies EndpointContract;
