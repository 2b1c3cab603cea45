import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { Language, PageQuery, TemplateName } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { TEMPLATE_STATUSES } from '../../shared/store/template-store.ts';
import { TemplateView } from '../../shared/views/template-view.ts';

export const TemplatesQuery = PageQuery.extend({
  status: z
    .enum([...TEMPLATE_STATUSES, 'ALL'])
    .default('APPROVED')
    .meta({ description: 'Only this status; `ALL` for every one.', example: 'APPROVED' }),
  category: z
    .enum(['AUTHENTICATION', 'MARKETING', 'UTILITY'])
    .optional()
    .meta({ description: 'Only this category.', example: 'UTILITY' }),
  language: Language.optional().meta({ description: 'Only this language.', example: 'en_US' }),
  name: TemplateName.optional().meta({ description: 'Only this name.', example: 'order_update' }),
});
export type TemplatesQuery = z.output<typeof TemplatesQuery>;

export const TemplatesPage = pageOf('TemplatesPage', TemplateView);

export const contract = {
  operationId: 'templates.list',
  tag: 'Templates',
  summary: 'List templates',
  description:
    "One row for each language version, by name and language; the approved ones unless `status` says otherwise. From our copy of Meta's list, which Meta's webhooks keep fresh.",
  query: TemplatesQuery,
  responses: { 200: { description: 'A page of templates.', schema: TemplatesPage } },
  errors: ['connection_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
