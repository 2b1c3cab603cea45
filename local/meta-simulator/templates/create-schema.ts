import * as z from 'zod';

const name = z
  .string()
  .regex(/^[a-z0-9_]+$/)
  .max(512);
/** Meta's list is fixed; its form is a code like `fil`, `en` or `pt_BR`. */
const language = z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/);
const label = z.string().min(1).max(25);

const body = z.strictObject({
  type: z.literal('BODY'),
  text: z.string().min(1).max(1024),
  example: z
    .strictObject({
      body_text: z.array(z.array(z.string().min(1))).optional(),
      body_text_named_params: z.array(z.strictObject({ param_name: z.string(), example: z.string() })).optional(),
    })
    .optional(),
});

const header = z.discriminatedUnion('format', [
  z.strictObject({
    type: z.literal('HEADER'),
    format: z.literal('TEXT'),
    text: z.string().min(1).max(60),
    example: z
      .strictObject({
        header_text: z.array(z.string().min(1)).max(1).optional(),
        header_text_named_params: z.array(z.strictObject({ param_name: z.string(), example: z.string() })).optional(),
      })
      .optional(),
  }),
  ...(['IMAGE', 'VIDEO', 'DOCUMENT'] as const).map((format) =>
    z.strictObject({
      type: z.literal('HEADER'),
      format: z.literal(format),
      example: z.strictObject({ header_handle: z.array(z.string().min(1)).length(1) }),
    }),
  ),
  z.strictObject({ type: z.literal('HEADER'), format: z.literal('LOCATION') }),
]);

const footer = z.strictObject({ type: z.literal('FOOTER'), text: z.string().min(1).max(60) });

const button = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('QUICK_REPLY'), text: label }),
  z.strictObject({
    type: z.literal('URL'),
    text: label,
    url: z.string().min(1).max(2000),
    example: z.array(z.string().min(1)).length(1).optional(),
  }),
  z.strictObject({ type: z.literal('PHONE_NUMBER'), text: label, phone_number: z.string().regex(/^\+?\d{7,20}$/) }),
  z.strictObject({ type: z.literal('COPY_CODE'), example: z.union([z.string(), z.array(z.string()).length(1)]) }),
]);

const common = { name, language, allow_category_change: z.boolean().optional() };

const supportedApps = z
  .array(z.strictObject({ package_name: z.string().min(1), signature_hash: z.string().length(11) }))
  .min(1)
  .max(5);

const otpButton = z.discriminatedUnion('otp_type', [
  z.strictObject({ type: z.literal('OTP'), otp_type: z.literal('COPY_CODE'), text: label.optional() }),
  z.strictObject({
    type: z.literal('OTP'),
    otp_type: z.literal('ONE_TAP'),
    text: label.optional(),
    autofill_text: label.optional(),
    supported_apps: supportedApps,
  }),
  z.strictObject({
    type: z.literal('OTP'),
    otp_type: z.literal('ZERO_TAP'),
    text: label.optional(),
    autofill_text: label.optional(),
    zero_tap_terms_accepted: z.literal(true),
    supported_apps: supportedApps,
  }),
]);

/** The authentication preset: Meta writes the text, one only switches parts on. */
export const CreateAuthentication = z.strictObject({
  ...common,
  category: z.literal('AUTHENTICATION'),
  message_send_ttl_seconds: z.union([z.literal(-1), z.int().min(30).max(900)]).optional(),
  components: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('BODY'), add_security_recommendation: z.boolean().optional() }),
      z.strictObject({ type: z.literal('FOOTER'), code_expiration_minutes: z.int().min(1).max(90) }),
      z.strictObject({ type: z.literal('BUTTONS'), buttons: z.array(otpButton).length(1) }),
    ]),
  ),
});

export const CreateOrdinary = z.strictObject({
  ...common,
  category: z.enum(['UTILITY', 'MARKETING']),
  parameter_format: z.enum(['POSITIONAL', 'NAMED']).optional(),
  message_send_ttl_seconds: z.union([z.literal(-1), z.int().min(30).max(2_592_000)]).optional(),
  components: z.array(z.union([header, z.discriminatedUnion('type', [body, footer, buttons()])])).min(1),
});

export type CreateAuthentication = z.infer<typeof CreateAuthentication>;
export type CreateOrdinary = z.infer<typeof CreateOrdinary>;

function buttons() {
  return z.strictObject({ type: z.literal('BUTTONS'), buttons: z.array(button).min(1).max(10) });
}
