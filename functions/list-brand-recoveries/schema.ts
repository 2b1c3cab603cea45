import { RecoveriesPage } from '../../shared/brand/list-recoveries.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId, PageQuery } from '../../shared/http/fields.ts';

export const contract = {
  operationId: 'brandRecoveries.list',
  tag: 'Deliveries and history',
  summary: 'List recoveries of a brand',
  description: 'The newest first; kept for 30 days.',

  query: PageQuery.extend({ brand_id: BrandId }),
  responses: { 200: { description: 'A page.', schema: RecoveriesPage } },
  errors: ['brand_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
