import * as z from 'zod';
import { TemplateName } from '../http/fields.ts';
import { TEMPLATE_LANGUAGES } from './languages.ts';

// What a template to be submitted may hold: meta-cloud-api §4.2, whose limits stand here once. What depends on more than
// one field is in draft-check.ts.

const MAX_BUTTONS = 10;
const MAX_LABEL = 25;
const SIGNATURE_HASH_LENGTH = 11;

const label = z.string().trim().min(1).max(MAX_LABEL).meta({ description: 'What the button says.', example: 'Help' });
const example = z.string().trim().min(1).max(200);

export const TemplateLanguage = z
  .string()
  .refine(
    (code) => TEMPLATE_LANGUAGES.has(code),
    'Meta has no templates in this language; codes look like en or en_US.',
  )
  .meta({ description: "One of Meta's language codes; `en` and `en_US` are different.", example: 'en_US' });

const Header = z
  .discriminatedUnion('format', [
    z.strictObject({
      format: z.literal('TEXT'),
      text: z.string().trim().min(1).max(60).meta({ description: 'At most one variable.', example: 'Order {{1}}' }),
      example: example.optional().meta({ description: 'A value of its variable, for review.', example: 'A-42' }),
    }),
    ...(['IMAGE', 'VIDEO', 'DOCUMENT'] as const).map((format) =>
      z.strictObject({
        format: z.literal(format),
        handle: z
          .string()
          .min(1)
          .max(2000)
          .meta({ description: "Handle of a sample, from Meta's resumable upload.", example: '4::aW1hZ2UvcG5n' }),
      }),
    ),
    z.strictObject({ format: z.literal('LOCATION') }),
  ])
  .meta({ description: 'Above the body.', example: { format: 'TEXT', text: 'Order {{1}}', example: 'A-42' } });

const Body = z
  .strictObject({
    text: z.string().trim().min(1).max(1024).meta({
      description: 'Variables are `{{1}}`, `{{2}}` … in order, or all named, e.g. `{{first_name}}`.',
      example: 'Hi {{1}}, your order {{2}} is on its way.',
    }),
    examples: z
      .union([z.array(example).max(100), z.record(z.string().max(100), example)])
      .optional()
      .meta({
        description: 'A value for each variable, for review: a list for numbered ones, an object for named ones.',
        example: ['Ada', 'A-42'],
      }),
  })
  .meta({ description: 'The text.' });

const Button = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('QUICK_REPLY'), text: label }),
    z.strictObject({
      type: z.literal('URL'),
      text: label,
      url: z
        .string()
        .max(2000)
        .regex(/^https?:\/\/[^\s/]+\S*$/, 'This is not an http or https URL.')
        .meta({ description: 'May end with one variable.', example: 'https://shop.example/track/{{1}}' }),
      example: example.optional().meta({ description: 'What the variable may be, for review.', example: 'A-42' }),
    }),
    z.strictObject({
      type: z.literal('PHONE_NUMBER'),
      text: label,
      phone_number: z
        .string()
        .regex(/^\+[1-9]\d{6,14}$/, 'This is not an E.164 phone number with a plus.')
        .meta({ description: 'Called when tapped.', example: '+15550109999' }),
    }),
    z.strictObject({
      type: z.literal('COPY_CODE'),
      example: z.string().trim().min(1).max(20).meta({ description: 'A coupon, for review.', example: '25OFF' }),
    }),
  ])
  .meta({ description: 'A button.', example: { type: 'QUICK_REPLY', text: 'Help' } });

const SupportedApps = z
  .array(
    z.strictObject({
      package_name: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$/, 'This is not the name of an Android package.')
        .max(224)
        .meta({ description: 'Name of the Android package.', example: 'com.example.shop' }),
      signature_hash: z
        .string()
        .length(SIGNATURE_HASH_LENGTH)
        .meta({ description: 'Hash of the key the app is signed with, 11 characters.', example: 'K8a/AINcGX7' }),
    }),
  )
  .min(1)
  .max(5);
const autofill = label.optional().meta({ description: 'Label of the autofill button.', example: 'Autofill' });
const otpLabel = label
  .optional()
  .meta({ description: "Label; Meta's own in the language if omitted.", example: 'Copy code' });

const OtpButton = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('copy_code'), text: otpLabel }),
    z.strictObject({
      kind: z.literal('one_tap'),
      text: otpLabel,
      autofill_text: autofill,
      supported_apps: SupportedApps,
    }),
    z.strictObject({
      kind: z.literal('zero_tap'),
      text: otpLabel,
      autofill_text: autofill,
      supported_apps: SupportedApps,
      zero_tap_terms_accepted: z
        .literal(true)
        .meta({ description: "That you accept Meta's terms of zero-tap.", example: true }),
    }),
  ])
  .meta({ description: 'How the code gets into the app.', example: { kind: 'copy_code', text: 'Copy code' } });

const identity = { name: TemplateName, language: TemplateLanguage };
const ttl = (description: string, example: number) =>
  z
    .int()
    .optional()
    .meta({ description: `How long Meta tries to deliver, seconds. ${description}`, example });

/** An ordinary template. */
export const MessageDraft = z.strictObject({
  kind: z.literal('message').meta({ description: 'A template with a text of your own.', example: 'message' }),
  ...identity,
  category: z
    .enum(['UTILITY', 'MARKETING'])
    .meta({ description: 'Meta may change it unless you forbid that.', example: 'UTILITY' }),
  header: Header.optional(),
  body: Body,
  footer: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .optional()
    .meta({ description: 'Below the body, without variables.', example: 'Acme' }),
  buttons: z.array(Button).min(1).max(MAX_BUTTONS).optional().meta({ description: 'At most ten.' }),
  allow_category_change: z
    .boolean()
    .optional()
    .meta({ description: 'Whether Meta may put it into another category instead of rejecting it.', example: true }),
  message_ttl_seconds: ttl('Utility: 30–43200; marketing: 43200–2592000.', 3600),
});
export type MessageDraft = z.output<typeof MessageDraft>;

/** The authentication preset: Meta writes the text, one only switches parts on. */
export const OtpDraft = z.strictObject({
  kind: z.literal('otp').meta({ description: "The preset for codes; the text is Meta's.", example: 'otp' }),
  ...identity,
  security_recommendation: z
    .boolean()
    .default(true)
    .meta({ description: 'Adds “For your security, do not share this code.”', example: true }),
  code_expiration_minutes: z
    .int()
    .min(1)
    .max(90)
    .optional()
    .meta({ description: 'Adds “This code expires in … minutes.”', example: 10 }),
  button: OtpButton.default({ kind: 'copy_code' }),
  message_ttl_seconds: z
    .int()
    .min(30)
    .max(900)
    .optional()
    .meta({ description: 'How long Meta tries to deliver, seconds; 600 if omitted.', example: 300 }),
});
export type OtpDraft = z.output<typeof OtpDraft>;

/** What there is, under another name or in another language. */
export const CopyDraft = z.strictObject({
  kind: z.literal('copy').meta({ description: 'A copy of a template you have.', example: 'copy' }),
  ...identity,
  copy_of: z
    .strictObject({ name: TemplateName, language: TemplateLanguage })
    .meta({ description: 'The template to copy.', example: { name: 'signup_otp', language: 'en_US' } }),
});
export type CopyDraft = z.output<typeof CopyDraft>;

export type TemplateDraft = MessageDraft | OtpDraft;
