import type { FieldError } from '../errors.ts';
import { invalidRequest } from '../http/field-errors.ts';
import { checkComponents } from './check.ts';
import type { ButtonKind, TemplateNeeds } from './components.ts';
import type { Components, TemplateButton, TemplateHeader } from './send-fields.ts';

/** The friendly fields of a send. */
export type Filling = {
  variables?: string[] | Record<string, string> | undefined;
  header?: TemplateHeader | undefined;
  buttons?: TemplateButton[] | undefined;
};

/**
 * Meta's components for a send, checked against the template before Meta is called.
 * @param isCode an authentication template, whose button repeats the code of the body: Meta wants it twice
 * @throws ApiError 400 naming every variable, header or button that is missing, too much or of another kind
 */
export function fillTemplate(needs: TemplateNeeds, filling: Filling, isCode: boolean): Components {
  const errors: FieldError[] = [];
  const body = bodyParameters(needs, filling.variables, errors);
  const header = headerParameter(needs, filling.header, errors);
  const given = filling.buttons ?? (isCode ? codeButton(needs, body) : []);
  const buttons = buttonComponents(needs, given, errors);
  if (errors.length > 0) throw invalidRequest(errors);
  return [
    ...(header ? [{ type: 'header' as const, parameters: [header] }] : []),
    ...(body.length > 0 ? [{ type: 'body' as const, parameters: body }] : []),
    ...buttons,
  ];
}

/** Meta's components as they came. @throws ApiError 400 when they do not fit the template */
export function checkedComponents(needs: TemplateNeeds, components: Components): Components {
  const errors = checkComponents(needs, components);
  if (errors.length > 0) throw invalidRequest(errors);
  return components;
}

type TextParameter = { type: 'text'; text: string; parameter_name?: string | undefined };

function bodyParameters(
  { isNamed, body }: TemplateNeeds,
  variables: Filling['variables'],
  errors: FieldError[],
): TextParameter[] {
  const given = variables ?? (isNamed ? {} : []);
  // An empty list and an empty object are the same nothing.
  if (Array.isArray(given) === isNamed && Object.keys(given).length > 0) {
    const form = isNamed ? `an object with ${list(body)}` : `a list of ${body.length} texts`;
    errors.push({ pointer: '/variables', code: 'wrong_form', message: `This template takes ${form}.` });
    return [];
  }
  const values = new Map(
    Object.entries(given).map(([name, value]) => [isNamed ? name : String(Number(name) + 1), value]),
  );
  for (const name of body) {
    if (values.has(name)) continue;
    errors.push({
      pointer: pointerOf(isNamed, name),
      code: 'missing_variable',
      message: `The template's variable {{${name}}} has no value.`,
    });
  }
  for (const name of values.keys()) {
    if (body.includes(name)) continue;
    const message = `The template's body has ${body.length === 0 ? 'no variables' : `only ${list(body)}`}.`;
    errors.push({ pointer: pointerOf(isNamed, name), code: 'surplus_variable', message });
  }
  return body.map((name) => ({
    type: 'text',
    text: values.get(name) ?? '',
    ...(isNamed ? { parameter_name: name } : {}),
  }));
}

const pointerOf = (isNamed: boolean, name: string): string =>
  `/variables/${isNamed ? name : Number(name) - 1}`.slice(0, 200);
const list = (names: readonly string[]): string => names.map((name) => `{{${name}}}`).join(', ');

type HeaderParameters = Extract<Components[number], { type: 'header' }>['parameters'];

function headerParameter(
  { isNamed, header }: TemplateNeeds,
  given: TemplateHeader | undefined,
  errors: FieldError[],
): HeaderParameters[number] | null {
  if (!header && !given) return null;
  if (!header) {
    errors.push({ pointer: '/header', code: 'surplus_header', message: "The template's header takes nothing." });
    return null;
  }
  if (!given || given.type !== header.kind) {
    const code = given ? 'wrong_header' : 'missing_header';
    errors.push({ pointer: '/header', code, message: `The template's header takes a header of type ${header.kind}.` });
    return null;
  }
  switch (given.type) {
    case 'text':
      return {
        type: 'text',
        text: given.text,
        ...(isNamed && header.kind === 'text' ? { parameter_name: header.name } : {}),
      };
    case 'location': {
      const { type, ...location } = given;
      return { type, location };
    }
    case 'image':
      return { type: 'image', image: fileOf(given) };
    case 'video':
      return { type: 'video', video: fileOf(given) };
    case 'document':
      return {
        type: 'document',
        document: { ...fileOf(given), ...(given.filename === undefined ? {} : { filename: given.filename }) },
      };
  }
}

const fileOf = ({ link, media_id }: { link?: string | undefined; media_id?: string | undefined }) =>
  media_id === undefined ? { link } : { id: media_id };

const codeButton = ({ buttons }: TemplateNeeds, [code]: readonly TextParameter[]): TemplateButton[] =>
  code ? buttons.filter(({ kind }) => kind === 'url').map(({ index }) => ({ index, value: code.text })) : [];

function buttonComponents(needs: TemplateNeeds, given: readonly TemplateButton[], errors: FieldError[]): Components {
  for (const { index, isRequired } of needs.buttons) {
    if (isRequired && !given.some((one) => one.index === index)) {
      errors.push({
        pointer: '/buttons',
        code: 'missing_button',
        message: `The template's button ${index} needs a value.`,
      });
    }
  }
  return given.flatMap(({ index, value }, position): Components => {
    const button = needs.buttons.find((one) => one.index === index);
    const isRepeated = given.findIndex((one) => one.index === index) !== position;
    const fault = isRepeated ? REPEATED : faultOf(button?.kind, index, value);
    if (fault) errors.push({ pointer: `/buttons/${position}`, ...fault });
    return button && !fault ? [toComponent(button.kind, String(index), value)] : [];
  });
}

const REPEATED = { code: 'repeated_button', message: 'Each button may be given once.' };
/** meta-cloud-api §2.3. */
const MAX_PAYLOAD = 256;
const MAX_COUPON_CODE = 20;

function faultOf(kind: ButtonKind | undefined, index: number, value: string) {
  if (!kind) return { code: 'surplus_button', message: `The template's button ${index} takes no value.` };
  if (kind === 'quick_reply' && value.length > MAX_PAYLOAD)
    return { code: 'too_big', message: `A payload has at most ${MAX_PAYLOAD} characters.` };
  if (kind === 'copy_code' && value.length > MAX_COUPON_CODE)
    return { code: 'too_big', message: `A code to copy has at most ${MAX_COUPON_CODE} characters.` };
  return null;
}

function toComponent(kind: ButtonKind, index: string, value: string): Components[number] {
  const type = 'button' as const;
  if (kind === 'url') return { type, index, sub_type: kind, parameters: [{ type: 'text', text: value }] };
  if (kind === 'quick_reply') return { type, index, sub_type: kind, parameters: [{ type: 'payload', payload: value }] };
  return { type, index, sub_type: kind, parameters: [{ type: 'coupon_code', coupon_code: value }] };
}
