import { describe, expect, test } from '@jest/globals';
import { buildTemplate } from '../../../../local/meta-simulator/templates/create.ts';
import type { Template } from '../../../../shared/store/template-store.ts';
import { createBody } from '../../../../shared/templates/draft-body.ts';
import { checkDraft } from '../../../../shared/templates/draft-check.ts';
import { draftOfCopy } from '../../../../shared/templates/draft-copy.ts';
import { MessageDraft, OtpDraft, type TemplateDraft } from '../../../../shared/templates/draft-fields.ts';

const identity = { name: 'order_update', language: 'en_US' };
const message = (change: object = {}): TemplateDraft =>
  MessageDraft.parse({
    kind: 'message',
    ...identity,
    category: 'UTILITY',
    body: { text: 'Your order is on its way.' },
    ...change,
  });
const text = (body: string, examples?: unknown) => ({ body: { text: body, ...(examples ? { examples } : {}) } });
const otp = (change: object = {}): TemplateDraft => OtpDraft.parse({ kind: 'otp', ...identity, ...change });

const full = message({
  header: { format: 'TEXT', text: 'Order {{1}}', example: 'A-42' },
  ...text('Hi {{1}}, your order {{2}} is on its way to you.', ['Ada', 'A-42']),
  footer: 'Acme',
  buttons: [
    { type: 'QUICK_REPLY', text: 'Help' },
    { type: 'URL', text: 'Track', url: 'https://a.example/t/{{1}}', example: 'A-42' },
    { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550100001' },
    { type: 'COPY_CODE', example: '25OFF' },
  ],
  message_ttl_seconds: 3600,
});
const named = message(
  text('Hi {{first_name}}, your order {{order}} is on its way.', { first_name: 'Ada', order: 'A-42' }),
);

describe('a draft that passes', () => {
  const app = { package_name: 'com.example.shop', signature_hash: 'K8a/AINcGX7' };
  test.each<[string, TemplateDraft]>([
    ['without variables', message()],
    ['with everything', full],
    ['with named variables', named],
    ['with a place above it', message({ header: { format: 'LOCATION' } })],
    ['with a picture above it', message({ header: { format: 'IMAGE', handle: '4::aW1hZ2UvcG5n' } })],
    ['for marketing', message({ category: 'MARKETING', allow_category_change: true, message_ttl_seconds: 86_400 })],
    ['for codes', otp()],
    ['for codes, bare', otp({ security_recommendation: false, message_ttl_seconds: 30 })],
    ['for codes, one tap', otp({ code_expiration_minutes: 90, button: { kind: 'one_tap', supported_apps: [app] } })],
    [
      'for codes, zero tap',
      otp({
        button: { kind: 'zero_tap', autofill_text: 'Fill', zero_tap_terms_accepted: true, supported_apps: [app] },
      }),
    ],
  ])('%s is one that Meta takes', (_what, draft) => {
    expect(checkDraft(draft)).toEqual([]);
    expect(buildTemplate(createBody(draft), 0)).toMatchObject({ status: 'PENDING', name: 'order_update' });
  });

  test('is what the reference shows', () => {
    expect(createBody(full)).toEqual({
      ...identity,
      category: 'UTILITY',
      parameter_format: 'POSITIONAL',
      message_send_ttl_seconds: 3600,
      components: [
        { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['A-42'] } },
        {
          type: 'BODY',
          text: 'Hi {{1}}, your order {{2}} is on its way to you.',
          example: { body_text: [['Ada', 'A-42']] },
        },
        { type: 'FOOTER', text: 'Acme' },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'QUICK_REPLY', text: 'Help' },
            { type: 'URL', text: 'Track', url: 'https://a.example/t/{{1}}', example: ['A-42'] },
            { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550100001' },
            { type: 'COPY_CODE', example: '25OFF' },
          ],
        },
      ],
    });
    expect(createBody(otp({ code_expiration_minutes: 5, message_ttl_seconds: 300 }))).toEqual({
      ...identity,
      category: 'AUTHENTICATION',
      message_send_ttl_seconds: 300,
      components: [
        { type: 'BODY', add_security_recommendation: true },
        { type: 'FOOTER', code_expiration_minutes: 5 },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
      ],
    });
  });
});

describe('a draft that is refused', () => {
  const url = (address: string, example?: string) => ({
    buttons: [{ type: 'URL', text: 'Go', url: address, ...(example ? { example } : {}) }],
  });
  const quick = { type: 'QUICK_REPLY', text: 'Help' };
  const call = { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550100001' };
  test.each<[string, object, string, string]>([
    ['starts with a variable', text('{{1}} is your order, and on its way.', ['A']), '/body/text', 'variable_at_end'],
    ['ends with a variable', text('On its way to you is {{1}}', ['A']), '/body/text', 'variable_at_end'],
    [
      'has variables that touch',
      text('Your order {{1}} {{2}} is on its way to you.', ['A', 'B']),
      '/body/text',
      'variables_touch',
    ],
    [
      'has more variables than words',
      text('Hi {{1}} and {{2}} or {{3}} ok', ['A', 'B', 'C']),
      '/body/text',
      'too_many_variables',
    ],
    ['leaves a number out', text('Your order {{2}} is on its way.', ['A']), '/body/text', 'not_sequential'],
    ['counts backwards', text('Your order {{2}} of {{1}} is on its way.', ['A', 'B']), '/body/text', 'not_sequential'],
    [
      'mixes numbers and names',
      text('Your order {{1}} of {{day}} is on its way.', { 1: 'A', day: 'B' }),
      '/body/text',
      'variable_name',
    ],
    [
      'has a name with a capital',
      text('Your order {{Order}} is on its way.', { Order: 'A' }),
      '/body/text',
      'variable_name',
    ],
    ['has an empty variable', text('Your order {{}} is on its way.', ['A']), '/body/text', 'malformed_variable'],
    ['has a brace too few', text('Your order {{1} is on its way.'), '/body/text', 'malformed_variable'],
    ['lacks an example', text('Your order {{1}} is on its way.'), '/body/examples', 'missing_example'],
    ['has an example too many', text('Your order is on its way.', ['A']), '/body/examples', 'surplus_example'],
    [
      'names another variable',
      text('Your order {{order}} is on its way.', { day: 'A' }),
      '/body/examples',
      'missing_example',
    ],
    [
      'has two variables above',
      { header: { format: 'TEXT', text: 'Order {{1}} {{2}}', example: 'A' } },
      '/header/text',
      'too_many_variables',
    ],
    [
      'lacks the example above',
      { header: { format: 'TEXT', text: 'Order {{1}}' } },
      '/header/example',
      'missing_example',
    ],
    ['has a footer with a variable', { footer: 'Acme {{1}}' }, '/footer', 'variable'],
    ['has a URL with a variable inside', url('https://a.example/{{1}}/x', 'A'), '/buttons/0/url', 'variable_place'],
    ['has a URL without an example', url('https://a.example/{{1}}'), '/buttons/0/example', 'missing_example'],
    ['has quick replies apart', { buttons: [quick, call, quick] }, '/buttons', 'not_grouped'],
    ['has two numbers to call', { buttons: [call, call] }, '/buttons/1', 'too_many'],
    ['is tried for too long', { message_ttl_seconds: 86_400 }, '/message_ttl_seconds', 'out_of_range'],
  ])('because it %s', (_why, change, pointer, code) => {
    expect(checkDraft(message(change))).toContainEqual(expect.objectContaining({ pointer, code }));
  });

  test.each<[string, object]>([
    ['a name with a capital', { name: 'Order' }],
    ['a language Meta does not have', { language: 'en_FR' }],
    ['a body of 1025 characters', text('a'.repeat(1025))],
    ['a header of 61', { header: { format: 'TEXT', text: 'a'.repeat(61) } }],
    ['a footer of 61', { footer: 'a'.repeat(61) }],
    ['a label of 26', { buttons: [{ ...quick, text: 'a'.repeat(26) }] }],
    ['eleven buttons', { buttons: Array.from({ length: 11 }, () => quick) }],
    ['a coupon of 21', { buttons: [{ type: 'COPY_CODE', example: 'a'.repeat(21) }] }],
    ['a number without a plus', { buttons: [{ ...call, phone_number: '15550100001' }] }],
    ['a script for a URL', url('javascript:alert(1)')],
    ['an unknown field', { heading: 'x' }],
  ])('by its schema: %s', (_what, change) => {
    expect(() => message(change)).toThrow();
  });

  test.each<[string, object]>([
    ['91 minutes', { code_expiration_minutes: 91 }],
    ['901 seconds', { message_ttl_seconds: 901 }],
    ['one tap without apps', { button: { kind: 'one_tap' } }],
    [
      'zero tap without the terms',
      { button: { kind: 'zero_tap', supported_apps: [{ package_name: 'a.b', signature_hash: 'K8a/AINcGX7' }] } },
    ],
    ['a text of its own', { body: { text: 'Your code is {{1}}.' } }],
  ])('by the schema of codes: %s', (_what, change) => {
    expect(() => otp(change)).toThrow();
  });
});

describe('a copy', () => {
  const listed = (draft: TemplateDraft): Template => {
    const { parameter_format, ...template } = buildTemplate(createBody(draft), 0);
    const { id, name, language, status, category, components } = template;
    return {
      wabaId: '1',
      nameLanguage: `${name}#${language}`,
      templateId: id,
      name,
      language,
      status: status as 'PENDING',
      category,
      components,
      parameterFormat: parameter_format,
      syncedAt: 0,
    };
  };
  const other = { kind: 'copy' as const, name: 'other_name', language: 'de', copy_of: identity };

  test.each<[string, TemplateDraft]>([
    ['with everything', { ...full, message_ttl_seconds: undefined } as TemplateDraft],
    ['with named variables', named],
    ['for codes', otp({ code_expiration_minutes: 10, button: { kind: 'copy_code', text: 'Copy code' } })],
  ])('of a template %s is that template under another name', (_what, draft) => {
    const copy = draftOfCopy(other, listed(draft));
    expect(copy && checkDraft(copy)).toEqual([]);
    expect(copy && createBody(copy)).toEqual({ ...createBody(draft), name: 'other_name', language: 'de' });
  });

  test('cannot be made of a picture, whose sample Meta does not give back', () => {
    const source = listed(message({ header: { format: 'IMAGE', handle: '4::x' } }));
    expect(draftOfCopy(other, source)).toBeNull();
  });
});
