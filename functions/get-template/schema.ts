import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { TemplateDetail } from '../../shared/views/template-view.ts';

export const TemplateParams = z.object({
  name: z.string().meta({ description: 'Name of the template.', example: 'order_update' }),
});
export type TemplateParams = z.output<typeof TemplateParams>;

export const contract = {
  operationId: 'templates.get',
  tag: 'Templates',
  summary: 'Get a template',
  description:
    'All language versions of a template, whatever their status: components, variables, and a request body that sends it.',
  params: TemplateParams,
  responses: { 200: { description: 'The template.', schema: TemplateDetail } },
  errors: ['connection_not_found', 'template_not_found'],
} as const satisfies EndpointContract;
