import { GraphError } from '../graph/error.ts';
import type { GraphTemplate } from '../templates/shape.ts';
import { type TemplateButton, variablesOf } from '../templates/shape.ts';
import type { BodyParameter, TemplateComponent, TemplateContent } from './template-schema.ts';

/** Hydrated body, meta-cloud-api §4.2. */
const MAX_BODY_LENGTH = 1024;
const MAX_CODE_LENGTH = 15;

/**
 * Whether a send fits its template, in the order Meta finds out.
 * @param template undefined when the account has none of that name and language
 * @throws GraphError 132000, 132001, 132005, 132012, 132015, 132016, 132018 or 131008
 */
export function checkTemplateSend(content: TemplateContent, template: GraphTemplate | undefined): GraphTemplate {
  if (template?.status === 'PAUSED') throw new GraphError(132015);
  if (template?.status === 'DISABLED') throw new GraphError(132016);
  if (template?.status !== 'APPROVED') {
    throw new GraphError(132001, {
      details: `template name (${content.name}) does not exist in ${content.language.code}`,
    });
  }
  const components = content.components ?? [];
  checkHeader(template, only(components, 'header')?.parameters ?? []);
  checkBody(template, only(components, 'body')?.parameters ?? []);
  checkButtons(template, components);
  if (template.category === 'AUTHENTICATION') checkCode(components);
  return template;
}

function only<Type extends 'header' | 'body'>(components: TemplateComponent[], type: Type) {
  const found = components.filter(
    (component): component is Extract<TemplateComponent, { type: Type }> => component.type === type,
  );
  if (found.length > 1) throw new GraphError(100, { details: `Only one ${type} component is allowed.` });
  return found[0];
}

function checkHeader(
  template: GraphTemplate,
  parameters: Extract<TemplateComponent, { type: 'header' }>['parameters'],
) {
  const header = template.components.find((component) => component.type === 'HEADER');
  const format = header?.format ?? 'TEXT';
  if (format === 'TEXT') {
    const variables = variablesOf(header?.text ?? '');
    checkCount('header', parameters.length, variables.length);
    if (parameters.some(({ type }) => type !== 'text')) throw formatMismatch('header', format, parameters[0]?.type);
    checkNames(template, parameters, variables);
    return;
  }
  // A media header is not optional: the picture shown at review is only a sample.
  if (parameters[0]?.type.toUpperCase() !== format) throw formatMismatch('header', format, parameters[0]?.type);
}

function checkBody(template: GraphTemplate, parameters: BodyParameter[]): void {
  const body = template.components.find((component) => component.type === 'BODY')?.text ?? '';
  const variables = variablesOf(body);
  checkCount('body', parameters.length, variables.length);
  checkNames(template, parameters, variables);
  const added = parameters.reduce((sum, parameter) => sum + shownText(parameter).length, 0);
  const removed = variables.reduce((sum, name) => sum + name.length + '{{}}'.length, 0);
  if (body.length - removed + added > MAX_BODY_LENGTH) {
    throw new GraphError(132005, { details: 'Translated body text too long' });
  }
}

function checkButtons(template: GraphTemplate, components: TemplateComponent[]): void {
  const buttons = template.components.find((component) => component.type === 'BUTTONS')?.buttons ?? [];
  const given = components.filter((component) => component.type === 'button');
  if (new Set(given.map(({ index }) => index)).size < given.length) {
    throw new GraphError(100, { details: 'Each button index may be given once.' });
  }
  for (const component of given) {
    const button = buttons[component.index];
    if (button === undefined) {
      throw new GraphError(132018, { details: `buttons: The template has no button at index ${component.index}` });
    }
    if (button.type.toLowerCase() !== component.sub_type) {
      throw formatMismatch(`buttons: index ${component.index}`, button.type, component.sub_type.toUpperCase());
    }
    if (component.sub_type === 'url' && !hasVariable(button)) {
      throw new GraphError(132018, { details: `buttons: Button at index ${component.index} takes no parameter` });
    }
  }
  buttons.forEach((button, index) => {
    const isNeeded = hasVariable(button) || button.type === 'COPY_CODE';
    if (isNeeded && !given.some((component) => component.index === index)) {
      const kind = button.type === 'URL' ? 'Url' : 'CopyCode';
      throw new GraphError(131008, {
        details: `buttons: Button at index ${index} of type ${kind} requires a parameter`,
      });
    }
  });
}

/** meta-cloud-api §2.3: the code stands twice, the same, at most 15 characters, no link and no emoji. */
function checkCode(components: TemplateComponent[]): void {
  const body = only(components, 'body')?.parameters[0];
  const button = components.find((component) => component.type === 'button' && component.sub_type === 'url');
  const code = body === undefined ? '' : shownText(body);
  const copied = button?.type === 'button' && button.sub_type === 'url' ? button.parameters[0]?.text : undefined;
  const refuse = (details: string) => new GraphError(132018, { details });
  if (code.length > MAX_CODE_LENGTH)
    throw refuse(`The one-time code must not be longer than ${MAX_CODE_LENGTH} characters`);
  if (/https?:|www\.|\p{Extended_Pictographic}/iu.test(code)) throw refuse('The one-time code has a link or an emoji');
  if (copied !== code) throw refuse('The code of the button differs from the code of the body');
}

function checkCount(part: string, given: number, expected: number): void {
  if (given === expected) return;
  throw new GraphError(132000, {
    details: `${part}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  });
}

function checkNames(template: GraphTemplate, parameters: readonly object[], variables: readonly string[]): void {
  const names = parameters.map((parameter) => ('parameter_name' in parameter ? parameter.parameter_name : undefined));
  if (template.parameter_format === 'NAMED') {
    if (names.includes(undefined)) throw new GraphError(100, { details: 'Parameter name is missing or empty' });
    if (!variables.every((name) => names.includes(name))) {
      throw new GraphError(100, { details: 'Parameter names do not match those of the template' });
    }
  } else if (names.some((name) => name !== undefined)) {
    throw new GraphError(100, { details: 'Parameter names are not allowed for a template with positional parameters' });
  }
}

function formatMismatch(part: string, expected: string, received: string | undefined): GraphError {
  return new GraphError(132012, {
    details: `${part}: Format mismatch, expected ${expected}, received ${received?.toUpperCase() ?? 'UNKNOWN'}`,
  });
}

function hasVariable(button: TemplateButton): boolean {
  return button.type === 'URL' && variablesOf(button.url ?? '').length > 0;
}

function shownText(parameter: BodyParameter): string {
  if (parameter.type === 'text') return parameter.text;
  return parameter.type === 'currency' ? parameter.currency.fallback_value : parameter.date_time.fallback_value;
}
