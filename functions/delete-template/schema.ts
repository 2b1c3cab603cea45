import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId, TemplateName } from '../../shared/http/fields.ts';
import { TemplateLanguage } from '../../shared/templates/draft-fields.ts';

export const DeleteTemplateParams = z.object({ name: TemplateName });
export type DeleteTemplateParams = z.output<typeof DeleteTemplateParams>;
export const DeleteTemplateQuery = z.strictObject({
  brand_id: BrandId,
  language: TemplateLanguage.optional().meta({ description: 'Only this language; all if omitted.', example: 'en_US' }),
});
export type DeleteTemplateQuery = z.output<typeof DeleteTemplateQuery>;

export const DeletedTemplate = z
  .object({
    name: z.string().meta({ description: 'Name of the template.', example: 'order_update' }),
    languages: z.array(z.string()).meta({ description: 'Languages that were deleted.', example: ['en_US'] }),
  })
  .meta({ id: 'DeletedTemplate', description: 'A template that was deleted.' });

export const contract = {
  operationId: 'brandTemplates.delete',
  tag: 'Connections',
  summary: 'Delete a template',
  description:
    'At Meta and here. Meta blocks the name of an approved one for 30 days, and what is on its way is delivered still.',
  params: DeleteTemplateParams,
  query: DeleteTemplateQuery,
  responses: { 200: { description: 'Deleted.', schema: DeletedTemplate } },
  errors: [
    'brand_not_found',
    'connection_not_found',
    'connection_token_invalid',
    'template_not_found',
    'whatsapp_error',
    'whatsapp_unreachable',
  ],
} as const satisfies EndpointContract;
