import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { Language, PhoneNumber, Reference, TemplateName } from '../../shared/http/fields.ts';
import { SEND_ERRORS, SEND_RESPONSES } from '../../shared/sending/send-response.ts';

export const SendOtpBody = z
  .strictObject({
    to: PhoneNumber,
    /** Meta takes at most 15 characters (meta-cloud-api §2.3). */
    code: z
      .string()
      .regex(/^\S{1,15}$/, 'The code is not 1 to 15 characters without whitespace.')
      .meta({ description: 'The one-time password. Never stored, logged or answered.', example: '482913' }),
    template_name: TemplateName.optional().meta({
      description: "An authentication template; omitted: the brand's default.",
      example: 'signup_otp',
    }),
    language: Language.optional(),
    reference: Reference.optional(),
  })
  .meta({ id: 'SendOtp' });
export type SendOtpBody = z.output<typeof SendOtpBody>;

export const contract = {
  operationId: 'otp.send',
  tag: 'Sending',
  summary: 'Send a one-time password',
  description:
    'Sends a code by an authentication template; it goes into the text and into the button. History shows •••••• in its place.',
  body: SendOtpBody,
  isIdempotent: true,
  responses: SEND_RESPONSES,
  errors: [...SEND_ERRORS, 'country_not_allowed', 'otp_recipient_limit', 'template_not_found', 'template_not_approved'],
} as const satisfies EndpointContract;
