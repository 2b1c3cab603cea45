import * as z from 'zod';
import type { Template } from '../store/template-store.ts';
import { type CopyDraft, MessageDraft, OtpDraft, type TemplateDraft } from './draft-fields.ts';

// From what Meta lists back to what is submitted. Both come from the same people, and differ (meta-cloud-api §4.2).

const Part = z.looseObject({
  type: z.string(),
  format: z.string().default('TEXT'),
  text: z.string().optional(),
  add_security_recommendation: z.boolean().optional(),
  code_expiration_minutes: z.number().optional(),
  example: z
    .looseObject({
      header_text: z.array(z.string()).optional(),
      header_text_named_params: z.array(z.looseObject({ example: z.string() })).optional(),
      body_text: z.array(z.array(z.string())).optional(),
      body_text_named_params: z.array(z.looseObject({ param_name: z.string(), example: z.string() })).optional(),
    })
    .optional()
    .catch(undefined),
  buttons: z
    .array(
      z.looseObject({
        type: z.string(),
        text: z.string().optional(),
        url: z.string().optional(),
        phone_number: z.string().optional(),
        example: z.union([z.string(), z.array(z.string()).transform(([first]) => first)]).optional(),
      }),
    )
    .optional(),
});
type Part = z.output<typeof Part>;

/** Meta's sample text of the security line, where the listing has no flag for it. */
const SECURITY_LINE = /do not share/i;

/** @returns null for what cannot be submitted again from its listing: samples of files, the apps of autofill buttons */
export function draftOfCopy({ name, language }: CopyDraft, source: Template): TemplateDraft | null {
  const parts = source.components.flatMap((component) => Part.safeParse(component).data ?? []);
  const part = (type: string) => parts.find((one) => one.type.toUpperCase() === type);
  const identity = { name, language };
  const draft =
    source.category === 'AUTHENTICATION'
      ? OtpDraft.safeParse({ kind: 'otp', ...identity, ...otpOf(part) })
      : MessageDraft.safeParse({ kind: 'message', ...identity, category: source.category, ...messageOf(part) });
  return draft.data ?? null;
}

type PartOf = (type: string) => Part | undefined;

function otpOf(part: PartOf) {
  const body = part('BODY');
  const minutes = part('FOOTER')?.code_expiration_minutes;
  const button = part('BUTTONS')?.buttons?.[0];
  const kind = /otp_type=([A-Z_]+)/.exec(button?.url ?? '')?.[1]?.toLowerCase();
  return {
    security_recommendation: body?.add_security_recommendation ?? SECURITY_LINE.test(body?.text ?? ''),
    ...(minutes === undefined ? {} : { code_expiration_minutes: minutes }),
    button: { kind, ...(button?.text === undefined ? {} : { text: button.text }) },
  };
}

function messageOf(part: PartOf) {
  const [header, body, footer, buttons] = ['HEADER', 'BODY', 'FOOTER', 'BUTTONS'].map(part);
  return {
    ...(header ? { header: headerOf(header) } : {}),
    body: { text: body?.text, ...examplesOf(body) },
    ...(footer ? { footer: footer.text } : {}),
    ...(buttons?.buttons ? { buttons: buttons.buttons.map(buttonOf) } : {}),
  };
}

function headerOf({ format, text, example }: Part) {
  if (format !== 'TEXT') return { format };
  const shown = example?.header_text?.[0] ?? example?.header_text_named_params?.[0]?.example;
  return { format, text, ...(shown === undefined ? {} : { example: shown }) };
}

function examplesOf(body: Part | undefined) {
  const named = body?.example?.body_text_named_params;
  if (named) return { examples: Object.fromEntries(named.map(({ param_name, example }) => [param_name, example])) };
  const numbered = body?.example?.body_text?.[0];
  return numbered ? { examples: numbered } : {};
}

function buttonOf({ type, text, url, phone_number, example }: NonNullable<Part['buttons']>[number]) {
  switch (type) {
    case 'URL': {
      const [before = ''] = (url ?? '').split('{{');
      // Listed as the whole address, submitted as what the variable stands for.
      const suffix = example?.startsWith(before) ? example.slice(before.length) : example;
      return { type, text, url, ...(url?.includes('{{') && suffix ? { example: suffix } : {}) };
    }
    case 'PHONE_NUMBER':
      return { type, text, phone_number: phone_number?.startsWith('+') ? phone_number : `+${phone_number}` };
    case 'COPY_CODE':
      return { type, example };
    default:
      return { type, text };
  }
}
