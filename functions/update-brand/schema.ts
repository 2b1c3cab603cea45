import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandName, BrandParams, BrandView } from '../../shared/views/brand-view.ts';

export const UpdateBrandBody = z.strictObject({ name: BrandName });
export type UpdateBrandBody = z.output<typeof UpdateBrandBody>;

export const contract = {
  operationId: 'brands.update',
  tag: 'Organisation',
  summary: 'Rename a brand',
  description: 'Its id stays, and so does everything bound to it.',
  params: BrandParams,
  body: UpdateBrandBody,
  responses: { 200: { description: 'The brand as it is now.', schema: BrandView } },
  errors: ['brand_not_found', 'conflict'],
} as const satisfies EndpointContract;
