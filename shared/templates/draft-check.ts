import type { FieldError } from '../errors.ts';
import { variablesOf } from './components.ts';
import type { MessageDraft, TemplateDraft } from './draft-fields.ts';

type Refuse = (pointer: string, code: string, message: string) => void;
type Buttons = NonNullable<MessageDraft['buttons']>;

const VARIABLE = /\{\{([^{}]*)\}\}/g;
const NAME = /^[a-z][a-z0-9_]*$/;

/** meta-cloud-api §4.2: `message_send_ttl_seconds`. */
const TTL_SECONDS = { UTILITY: [30, 43_200], MARKETING: [43_200, 2_592_000] } as const;
/** How many buttons of a type Meta takes. */
const MOST = { URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1 } as const;

/** What Meta would find wrong in a template, found before Meta is asked: meta-cloud-api §4.2, §4.4. */
export function checkDraft(draft: TemplateDraft): FieldError[] {
  if (draft.kind === 'otp') return [];
  const errors: FieldError[] = [];
  const refuse: Refuse = (pointer, code, message) => void errors.push({ pointer, code, message });
  const { header, body, footer, buttons = [], category, message_ttl_seconds: ttl } = draft;

  const isNamed = checkNames(body.text, '/body/text', refuse);
  checkPlaces(body.text, refuse);
  checkExamples(body.text, body.examples, refuse);
  if (header?.format === 'TEXT') checkHeader(header, isNamed, refuse);
  if (footer !== undefined && /\{\{|\}\}/.test(footer)) refuse('/footer', 'variable', 'A footer takes no variables.');
  checkButtons(buttons, refuse);
  const [least, most] = TTL_SECONDS[category];
  if (ttl !== undefined && (ttl < least || ttl > most))
    refuse('/message_ttl_seconds', 'out_of_range', `For this category it is ${least} to ${most} seconds.`);
  return errors;
}

/** @returns whether the variables are named, null where there are none */
function checkNames(text: string, pointer: string, refuse: Refuse): boolean | null {
  const names = variablesOf(text);
  if (/\{\{|\}\}/.test(text.replaceAll(VARIABLE, '')) || names.includes(''))
    refuse(pointer, 'malformed_variable', 'A variable is written {{1}} or {{first_name}}.');
  if (names.length === 0) return null;
  if (names.every((name) => /^\d+$/.test(name))) {
    if (!names.every((name, place) => name === String(place + 1)))
      refuse(pointer, 'not_sequential', 'Numbered variables are {{1}}, {{2}} … in the order they appear.');
    return false;
  }
  if (!names.every((name) => NAME.test(name)))
    refuse(
      pointer,
      'variable_name',
      'Variables are all numbers, or all names of a–z, 0–9 and _ that begin with a letter.',
    );
  return true;
}

/** Meta's codes 2388299 and 2388293: not at the ends, not touching, and with enough words around them. */
function checkPlaces(text: string, refuse: Refuse): void {
  if (/^\{\{|\}\}$/.test(text))
    refuse('/body/text', 'variable_at_end', 'A text neither starts nor ends with a variable.');
  if (/\}\}\s*\{\{/.test(text))
    refuse('/body/text', 'variables_touch', 'There have to be words between two variables.');
  const words = text
    .replaceAll(VARIABLE, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (variablesOf(text).length * 2 > words.length + 1)
    refuse('/body/text', 'too_many_variables', 'There are too many variables for so short a text.');
}

function checkExamples(text: string, examples: MessageDraft['body']['examples'], refuse: Refuse): void {
  const names = variablesOf(text);
  const given =
    examples === undefined
      ? []
      : Array.isArray(examples)
        ? examples.map((_, i) => String(i + 1))
        : Object.keys(examples);
  const missing = names.find((name) => !given.includes(name));
  const surplus = given.find((name) => !names.includes(name));
  if (missing !== undefined)
    refuse('/body/examples', 'missing_example', `The variable {{${missing}}} needs an example.`);
  if (surplus !== undefined)
    refuse('/body/examples', 'surplus_example', 'There is an example of a variable that is not in the text.');
}

function checkHeader(
  { text, example }: { text: string; example?: string | undefined },
  isBodyNamed: boolean | null,
  refuse: Refuse,
): void {
  const names = variablesOf(text);
  const isNamed = checkNames(text, '/header/text', refuse);
  if (names.length > 1) refuse('/header/text', 'too_many_variables', 'A header takes one variable.');
  if (isNamed !== null && isBodyNamed !== null && isNamed !== isBodyNamed)
    refuse('/header/text', 'variable_name', 'The variables of header and body are all numbered or all named.');
  if (names.length === 1 && example === undefined)
    refuse('/header/example', 'missing_example', `The variable {{${names[0]}}} needs an example.`);
  if (names.length === 0 && example !== undefined)
    refuse('/header/example', 'surplus_example', 'The header has no variable.');
}

function checkButtons(buttons: Buttons, refuse: Refuse): void {
  for (const [type, most] of Object.entries(MOST)) {
    const places = buttons.flatMap((button, place) => (button.type === type ? [place] : []));
    if (places.length > most) refuse(`/buttons/${places[most]}`, 'too_many', `There may be ${most} of type ${type}.`);
  }
  // Quick replies stand together: before all others, or after them.
  const blocks = buttons
    .map(({ type }) => type === 'QUICK_REPLY')
    .filter((is, place, all) => place === 0 || is !== all[place - 1]);
  if (blocks.length > 2) refuse('/buttons', 'not_grouped', 'Quick replies have to stand together.');
  for (const [place, button] of buttons.entries())
    if (button.type === 'URL') checkUrl(button, `/buttons/${place}`, refuse);
}

function checkUrl(
  { url, example }: { url: string; example?: string | undefined },
  pointer: string,
  refuse: Refuse,
): void {
  const count = url.match(VARIABLE)?.length ?? 0;
  if (count > 1 || (count === 1 && !url.endsWith('{{1}}')))
    refuse(`${pointer}/url`, 'variable_place', 'A URL takes one variable, {{1}}, at its end.');
  if (count > 0 && example === undefined)
    refuse(`${pointer}/example`, 'missing_example', 'The variable of the URL needs an example.');
  if (count === 0 && example !== undefined) refuse(`${pointer}/example`, 'surplus_example', 'The URL has no variable.');
}
