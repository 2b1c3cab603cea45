import { expect, test } from '@jest/globals';
import { type Draft, emptyDraft, incomplete, submission } from '../../../dashboard/app/pages/templates/draft.ts';
import { SubmitTemplateBody } from '../../../functions/submit-template/schema.ts';
import { checkDraft } from '../../../shared/templates/draft-check.ts';

const preset = (part: Partial<Draft> = {}): Draft => ({ ...emptyDraft('otp'), ...part });
const text = (part: Partial<Draft> = {}): Draft => ({
  ...emptyDraft('UTILITY'),
  name: 'order_update',
  body: 'Hi {{1}}, your order {{2}} is on its way.',
  examples: ['Ada', 'A-42'],
  ...part,
});
const app = { packageName: 'com.example.shop', signatureHash: 'K8a/AINcGX7' };

test.each<[string, Draft]>([
  ['the preset as it comes', preset()],
  ['the preset, without all that may be left out', preset({ minutes: '', button: '', security: false })],
  ['the preset for two minutes', preset({ ttl: '120' })],
  ['one-tap', preset({ way: 'one_tap', ...app })],
  ['one-tap with labels of Meta', preset({ way: 'one_tap', ...app, button: '', autofill: '' })],
  ['zero-tap', preset({ way: 'zero_tap', ...app, isTermsAccepted: true })],
  ['a text', text()],
  ['a text with all there is', text({ header: 'Order', footer: 'Acme', quickReplies: 'Stop\nHelp\n' })],
])('what the wizard takes, the API takes: %s', (_name, draft) => {
  expect(incomplete(draft)).toBeUndefined();
  const body = SubmitTemplateBody.parse({ brand_id: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1', ...submission(draft) });
  if (body.kind !== 'copy') expect(checkDraft(body)).toEqual([]);
});

test.each<[string, Draft, string]>([
  ['a name in capitals', preset({ name: 'Signup' }), 'small letters'],
  ['91 minutes', preset({ minutes: '91' }), '1 to 90'],
  ['29 seconds', preset({ ttl: '29' }), '30 to 900'],
  ['no package', preset({ way: 'one_tap' }), 'Android package'],
  ['a short hash', preset({ way: 'one_tap', ...app, signatureHash: 'K8a' }), '11 characters'],
  ['terms that nobody accepted', preset({ way: 'zero_tap', ...app }), 'terms'],
  ['no text', text({ body: ' ' }), 'Write the text'],
  ['no example', text({ examples: ['Ada'] }), '{{2}}'],
])('the wizard says what is missing: %s', (_name, draft, said) => {
  expect(incomplete(draft)).toContain(said);
});
