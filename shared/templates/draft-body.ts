import { variablesOf } from './components.ts';
import type { MessageDraft, OtpDraft, TemplateDraft } from './draft-fields.ts';

export const categoryOf = (draft: TemplateDraft): 'AUTHENTICATION' | 'UTILITY' | 'MARKETING' =>
  draft.kind === 'otp' ? 'AUTHENTICATION' : draft.category;

export const isNamed = (draft: TemplateDraft): boolean =>
  draft.kind === 'message' &&
  [...variablesOf(draft.body.text), ...(draft.header?.format === 'TEXT' ? variablesOf(draft.header.text) : [])].some(
    (name) => !/^\d+$/.test(name),
  );

/** A checked draft as Meta wants it: meta-cloud-api §4.2. */
export function createBody(draft: TemplateDraft): { components: { type: string }[]; [key: string]: unknown } {
  const { name, language, message_ttl_seconds: ttl } = draft;
  return {
    name,
    language,
    category: categoryOf(draft),
    ...(ttl === undefined ? {} : { message_send_ttl_seconds: ttl }),
    ...(draft.kind === 'otp' ? otpParts(draft) : messageParts(draft)),
  };
}

function otpParts({ security_recommendation, code_expiration_minutes, button }: OtpDraft) {
  const { kind, ...rest } = button;
  return {
    components: [
      { type: 'BODY', add_security_recommendation: security_recommendation },
      ...(code_expiration_minutes === undefined ? [] : [{ type: 'FOOTER', code_expiration_minutes }]),
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: kind.toUpperCase(), ...rest }] },
    ],
  };
}

function messageParts(draft: MessageDraft) {
  const { header, body, footer, buttons, allow_category_change } = draft;
  const named = isNamed(draft);
  return {
    parameter_format: named ? 'NAMED' : 'POSITIONAL',
    ...(allow_category_change === undefined ? {} : { allow_category_change }),
    components: [
      ...(header ? [headerPart(header, named)] : []),
      { type: 'BODY', text: body.text, ...bodyExample(body.examples) },
      ...(footer === undefined ? [] : [{ type: 'FOOTER', text: footer }]),
      ...(buttons ? [{ type: 'BUTTONS', buttons: buttons.map(buttonPart) }] : []),
    ],
  };
}

function bodyExample(examples: MessageDraft['body']['examples']) {
  if (examples === undefined) return {};
  if (Array.isArray(examples)) return examples.length === 0 ? {} : { example: { body_text: [examples] } };
  const named = Object.entries(examples).map(([param_name, example]) => ({ param_name, example }));
  return named.length === 0 ? {} : { example: { body_text_named_params: named } };
}

function headerPart(header: NonNullable<MessageDraft['header']>, named: boolean) {
  if (header.format === 'LOCATION') return { type: 'HEADER', format: header.format };
  if (header.format !== 'TEXT')
    return { type: 'HEADER', format: header.format, example: { header_handle: [header.handle] } };
  const { format, text, example } = header;
  if (example === undefined) return { type: 'HEADER', format, text };
  const [param_name] = variablesOf(text);
  const shown = named ? { header_text_named_params: [{ param_name, example }] } : { header_text: [example] };
  return { type: 'HEADER', format, text, example: shown };
}

function buttonPart(button: NonNullable<MessageDraft['buttons']>[number]) {
  if (button.type !== 'URL' || button.example === undefined) return button;
  return { ...button, example: [button.example] };
}
