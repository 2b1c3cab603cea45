import * as z from 'zod';

/** E.164 with or without the plus; digits come out. Spaces and hyphens are refused: a number is never corrected silently. */
export const PhoneNumber = z
  .string()
  .regex(
    /^\+?[1-9]\d{6,14}$/,
    'This is not an E.164 phone number: 7 to 15 digits with country code, with or without a plus.',
  )
  .transform((text) => text.replace('+', ''));

/** Given back in the message and in each of its events. */
export const Reference = z.string().max(128);

export const SendOtpBody = z.strictObject({
  to: PhoneNumber,
  /** Meta takes at most 15 characters (meta-cloud-api §2.3). */
  code: z.string().regex(/^\S{1,15}$/, 'The code is not 1 to 15 characters without whitespace.'),
  template_name: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, 'A template name has only a–z, 0–9 and _.')
    .optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/, 'A language looks like en or en_US.')
    .optional(),
  reference: Reference.optional(),
});
export type SendOtpBody = z.output<typeof SendOtpBody>;
