import * as z from 'zod';
import { GraphError } from '../graph/error.ts';
import { parseStrictly } from '../messages/validate.ts';
import { randomTemplateId } from '../random-ids.ts';
import { CreateAuthentication, CreateOrdinary } from './create-schema.ts';
import { authenticationComponents } from './seed.ts';
import { GraphTemplate, variablesOf } from './shape.ts';

/** Meta explains a refused template in `error_subcode` and a text for people (meta-cloud-api §4.4). */
export function templateError(subcode: number, userTitle: string, userMessage: string): GraphError {
  return new GraphError(100, { subcode, userTitle, userMessage });
}

/** @returns the template as GET will show it, PENDING. @throws GraphError for what Meta would not take */
export function buildTemplate(body: unknown, now: number): GraphTemplate {
  const { category } = parseStrictly(
    z.looseObject({ category: z.enum(['AUTHENTICATION', 'UTILITY', 'MARKETING']) }),
    body,
  );
  const created = category === 'AUTHENTICATION' ? authentication(body) : ordinary(body);
  const seconds = Math.floor(now / 1000);
  return GraphTemplate.parse({
    id: randomTemplateId(),
    status: 'PENDING',
    rejected_reason: 'NONE',
    quality_score: { score: 'UNKNOWN', date: seconds },
    last_updated_time: seconds,
    ...created,
  });
}

function authentication(body: unknown) {
  const wish = parseStrictly(CreateAuthentication, body);
  const part = <Type extends 'BODY' | 'FOOTER' | 'BUTTONS'>(type: Type) =>
    wish.components.find((each): each is Extract<typeof each, { type: Type }> => each.type === type);
  const buttons = part('BUTTONS');
  if (buttons === undefined) throw new GraphError(131008, { details: 'An OTP button is required.' });
  const expiresMinutes = part('FOOTER')?.code_expiration_minutes;
  return {
    name: wish.name,
    language: wish.language,
    category: wish.category,
    parameter_format: 'POSITIONAL',
    message_send_ttl_seconds: wish.message_send_ttl_seconds ?? 600,
    components: authenticationComponents({
      isAdviceShown: part('BODY')?.add_security_recommendation ?? false,
      label: buttons.buttons[0]?.text ?? 'Copy code',
      ...(expiresMinutes === undefined ? {} : { expiresMinutes }),
    }),
  };
}

function ordinary(body: unknown) {
  const wish = parseStrictly(CreateOrdinary, body);
  const format = wish.parameter_format ?? 'POSITIONAL';
  const of = <Type extends string>(type: Type) => wish.components.filter((each) => each.type === type);
  for (const type of ['HEADER', 'BODY', 'FOOTER', 'BUTTONS']) {
    if (of(type).length > 1) throw new GraphError(100, { details: `Only one ${type} component is allowed.` });
  }
  if (of('BODY').length === 0) throw templateError(2388072, 'Body is missing', 'A template needs a body.');
  for (const component of wish.components) {
    if (component.type === 'BODY') {
      const samples =
        component.example?.body_text?.[0]?.length ?? component.example?.body_text_named_params?.length ?? 0;
      checkVariables(component.text, format, samples, 2388072);
      checkPlaces(component.text);
    }
    if (component.type === 'HEADER' && component.format === 'TEXT') {
      const { example } = component;
      const samples = example?.header_text?.length ?? example?.header_text_named_params?.length ?? 0;
      checkVariables(component.text, format, samples, 2388047);
      if (variablesOf(component.text).length > 1) {
        throw templateError(2388047, 'Header has too many variables', 'A header takes one variable.');
      }
    }
    if (component.type === 'FOOTER' && variablesOf(component.text).length > 0) {
      throw templateError(2388073, 'Footer has variables', 'A footer takes no variables.');
    }
    if (component.type === 'BUTTONS') checkButtons(component.buttons);
  }
  const { allow_category_change: _accepted, ...template } = wish;
  return { ...template, parameter_format: format };
}

function checkVariables(text: string, format: 'POSITIONAL' | 'NAMED', samples: number, subcode: number): void {
  const variables = variablesOf(text);
  const isWellNamed =
    format === 'POSITIONAL'
      ? variables.every((name, position) => name === String(position + 1))
      : variables.every((name) => /^[a-z][a-z0-9_]*$/.test(name));
  if (!isWellNamed) throw templateError(subcode, 'Variables are invalid', 'Variables must be {{1}}, {{2}} … or names.');
  if (samples !== variables.length) {
    throw templateError(subcode, 'Sample text is missing', 'Each variable needs one sample in example.');
  }
}

/** Variables may not start or end the body, touch each other, or outweigh the words around them. */
function checkPlaces(text: string): void {
  if (/^\s*\{\{|\}\}\s*$/.test(text)) {
    throw templateError(
      2388299,
      'Variable at start or end',
      'Variables cannot be at the start or end of the template.',
    );
  }
  if (/\}\}\s*\{\{/.test(text)) throw templateError(2388072, 'Variables touch', 'Put text between two variables.');
  const words = text
    .replaceAll(/\{\{.*?\}\}/g, ' ')
    .split(/\s+/)
    .filter((word) => /\w/.test(word)).length;
  if (variablesOf(text).length * 2 > words + 1) {
    throw templateError(2388293, 'Too many variables', 'This template has too many variables for its length.');
  }
}

function checkButtons(buttons: Extract<CreateOrdinary['components'][number], { type: 'BUTTONS' }>['buttons']): void {
  const count = (type: string) => buttons.filter((each) => each.type === type).length;
  if (count('URL') > 2 || count('PHONE_NUMBER') > 1 || count('COPY_CODE') > 1) {
    throw new GraphError(100, { details: 'At most 2 URL, 1 phone number and 1 copy code buttons are allowed.' });
  }
  const blocks = buttons
    .map((each) => each.type === 'QUICK_REPLY')
    .filter((is, at, all) => at === 0 || is !== all[at - 1]);
  if (blocks.length > 2) throw new GraphError(100, { details: 'Quick reply buttons must be grouped together.' });
  for (const each of buttons) {
    if (each.type !== 'URL') continue;
    const variables = variablesOf(each.url).length;
    if (variables > 1 || (variables === 1 && !each.url.endsWith('}}'))) {
      throw new GraphError(100, { details: 'A URL takes one variable, at its end.' });
    }
    if (variables === 1 && each.example === undefined)
      throw new GraphError(100, { details: 'A URL variable needs an example.' });
  }
}
