import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { Language, Recipient, Reference, TemplateName } from '../../shared/http/fields.ts';
import { SEND_ERRORS, SEND_RESPONSES } from '../../shared/sending/send-response.ts';
import { Components, TemplateButton, TemplateHeader, Variables } from '../../shared/templates/send-fields.ts';

export const SendTemplateBody = z
  .strictObject({
    to: Recipient,
    template_name: TemplateName,
    language: Language.optional(),
    variables: Variables.optional(),
    header: TemplateHeader.optional(),
    buttons: z
      .array(TemplateButton)
      .max(10)
      .optional()
      .meta({ description: 'Values of the buttons that take one.', example: [{ index: 0, value: 'A-42' }] }),
    components: Components.optional(),
    reference: Reference.optional(),
  })
  .refine((body) => !body.components || !(body.variables || body.header || body.buttons), {
    path: ['components'],
    message: 'Give either components, or variables, header and buttons; not both.',
  })
  .meta({ id: 'SendTemplate' });
export type SendTemplateBody = z.output<typeof SendTemplateBody>;

export const contract = {
  operationId: 'templates.send',
  tag: 'Sending',
  summary: 'Send a template',
  description:
    'Sends an approved template, at any time. Variables, header and buttons are checked against the template before WhatsApp is called: what is missing or too much is named. GET /templates/{name} shows a ready body. One of the category AUTHENTICATION counts as a code: to a person, and by country.',
  body: SendTemplateBody,
  isIdempotent: true,
  responses: SEND_RESPONSES,
  errors: [...SEND_ERRORS, 'country_not_allowed', 'otp_recipient_limit', 'template_not_found', 'template_not_approved'],
} as const satisfies EndpointContract;
