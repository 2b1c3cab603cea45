import type { EndpointContract } from '../../shared/http/contract.ts';
import { PageQuery } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { BrandView } from '../../shared/views/brand-view.ts';

export const BrandsPage = pageOf('BrandsPage', BrandView);

export const contract = {
  operationId: 'brands.list',
  tag: 'Organisation',
  summary: 'List brands',
  description: 'The brands of your organisation, newest first.',
  query: PageQuery,
  responses: { 200: { description: 'A page of brands.', schema: BrandsPage } },
  errors: ['invalid_cursor'],
} as const satisfies EndpointContract;
