import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';
import { CopyDraft, MessageDraft, OtpDraft } from '../../shared/templates/draft-fields.ts';

export const SubmitTemplateBody = z
  .discriminatedUnion('kind', [
    MessageDraft.extend({ brand_id: BrandId }),
    OtpDraft.extend({ brand_id: BrandId }),
    CopyDraft.extend({ brand_id: BrandId }),
  ])
  .meta({
    id: 'SubmitTemplate',
    description: 'What is to be submitted.',
    example: {
      brand_id: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1',
      kind: 'otp',
      name: 'signup_otp',
      language: 'en_US',
      code_expiration_minutes: 10,
      button: { kind: 'copy_code', text: 'Copy code' },
    },
  });
export type SubmitTemplateBody = z.output<typeof SubmitTemplateBody>;

export const SubmittedTemplate = z
  .object({
    id: z.string().meta({ description: "Meta's id of this language version.", example: '700000000000001' }),
    name: z.string().meta({ description: 'Name of the template.', example: 'signup_otp' }),
    language: z.string().meta({ description: 'Language code.', example: 'en_US' }),
    status: z.string().meta({ description: "Meta's status; usually PENDING.", example: 'PENDING' }),
    category: z.string().meta({ description: 'The category Meta put it into.', example: 'AUTHENTICATION' }),
    payload: z.record(z.string(), z.unknown()).meta({
      description: 'What Meta was sent.',
      example: { name: 'signup_otp', language: 'en_US', category: 'AUTHENTICATION', components: [] },
    }),
  })
  .meta({ id: 'SubmittedTemplate', description: 'A template that Meta is looking at.' });

export const contract = {
  operationId: 'brandTemplates.submit',
  tag: 'Connections',
  summary: 'Submit a template',
  description:
    'Checked in full before Meta is asked: names, languages, variables and their examples, lengths, buttons. `kind: otp` is the preset for codes, `kind: copy` submits what there is under another name or in another language. Approval comes as `template.status_changed`: minutes to an hour for codes, up to a day for others.',
  body: SubmitTemplateBody,
  isIdempotent: true,
  responses: { 201: { description: 'Submitted.', schema: SubmittedTemplate } },
  errors: [
    'brand_not_found',
    'connection_not_found',
    'connection_token_invalid',
    'template_not_found',
    'template_exists',
    'idempotency_key_reused',
    'whatsapp_error',
    'whatsapp_unreachable',
  ],
} as const satisfies EndpointContract;
