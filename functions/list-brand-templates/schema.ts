import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId, PageQuery, TemplateName } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { TEMPLATE_STATUSES } from '../../shared/store/template-store.ts';
import { TemplateLanguage } from '../../shared/templates/draft-fields.ts';
import { TemplateVersion } from '../../shared/views/template-view.ts';

export const BrandTemplatesQuery = PageQuery.extend({
  brand_id: BrandId,
  status: z
    .enum([...TEMPLATE_STATUSES, 'ALL'])
    .default('ALL')
    .meta({ description: 'Only this status.', example: 'ALL' }),
  category: z
    .enum(['AUTHENTICATION', 'MARKETING', 'UTILITY'])
    .optional()
    .meta({ description: 'Only this category.', example: 'UTILITY' }),
  language: TemplateLanguage.optional(),
  name: TemplateName.optional(),
});
export type BrandTemplatesQuery = z.output<typeof BrandTemplatesQuery>;

export const BrandTemplatesPage = pageOf('BrandTemplatesPage', TemplateVersion);

export const contract = {
  operationId: 'brandTemplates.list',
  tag: 'Connections',
  summary: "List a brand's templates",
  description: 'One row for each language version, by name and language, of every status.',
  query: BrandTemplatesQuery,
  responses: { 200: { description: 'A page of templates.', schema: BrandTemplatesPage } },
  errors: ['brand_not_found', 'connection_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
