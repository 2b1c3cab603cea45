import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandName, BrandView } from '../../shared/views/brand-view.ts';

export const CreateBrandBody = z.strictObject({ name: BrandName });
export type CreateBrandBody = z.output<typeof CreateBrandBody>;

export const contract = {
  operationId: 'brands.create',
  tag: 'Organisation',
  summary: 'Create a brand',
  description: 'A brand has its own WhatsApp number, keys, history and webhook endpoint.',
  body: CreateBrandBody,
  isIdempotent: true,
  responses: { 201: { description: 'The brand.', schema: BrandView } },
  errors: ['idempotency_key_reused'],
} as const satisfies EndpointContract;
