import type { FieldError } from '../errors.ts';
import type { TemplateNeeds } from './components.ts';
import type { Components } from './send-fields.ts';

type Part<T extends Components[number]['type']> = Extract<Components[number], { type: T }>;

/** Whether Meta's components fit a template: what Meta would find out, found out here. */
export function checkComponents(needs: TemplateNeeds, components: Components): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (pointer: string, code: string, message: string) => void errors.push({ pointer, code, message });
  const at = (type: 'header' | 'body') => {
    const places = components.flatMap((component, place) => (component.type === type ? [place] : []));
    if (places.length > 1) refuse(`/components/${places[1]}`, 'repeated', `There may be one ${type}.`);
    return places[0] ?? -1;
  };
  const bodyAt = at('body');
  checkBody(
    needs,
    components[bodyAt] as Part<'body'> | undefined,
    bodyAt < 0 ? '/components' : `/components/${bodyAt}/parameters`,
    refuse,
  );
  const headerAt = at('header');
  checkHeader(
    needs,
    components[headerAt] as Part<'header'> | undefined,
    headerAt < 0 ? '/components' : `/components/${headerAt}`,
    refuse,
  );
  checkButtons(needs, components, refuse);
  return errors;
}

type Refuse = (pointer: string, code: string, message: string) => void;

function checkBody(
  { body, isNamed }: TemplateNeeds,
  component: Part<'body'> | undefined,
  pointer: string,
  refuse: Refuse,
): void {
  const parameters = component?.parameters ?? [];
  if (parameters.length !== body.length) {
    refuse(
      pointer,
      'wrong_count',
      `The template's body has ${body.length} variables, and ${parameters.length} values were given.`,
    );
    return;
  }
  for (const [place, parameter] of parameters.entries()) {
    if (isNamed && !body.includes(parameter.parameter_name ?? ''))
      refuse(`${pointer}/${place}`, 'wrong_name', `parameter_name is one of ${body.join(', ')}.`);
    if (!isNamed && parameter.parameter_name !== undefined)
      refuse(`${pointer}/${place}`, 'wrong_name', "The template's variables are numbered: no parameter_name.");
  }
  const names = parameters.map((parameter) => parameter.parameter_name);
  if (isNamed && new Set(names).size < names.length) refuse(pointer, 'repeated', 'Each variable may be given once.');
}

function checkHeader(
  { header, isNamed }: TemplateNeeds,
  component: Part<'header'> | undefined,
  pointer: string,
  refuse: Refuse,
): void {
  const [parameter] = component?.parameters ?? [];
  if (parameter?.type === header?.kind) {
    const isNameWrong =
      header?.kind === 'text' &&
      parameter?.type === 'text' &&
      parameter.parameter_name !== (isNamed ? header.name : undefined);
    if (isNameWrong)
      refuse(
        pointer,
        'wrong_name',
        isNamed ? `parameter_name is ${header.name}.` : 'The variable is numbered: no parameter_name.',
      );
    return;
  }
  refuse(
    pointer,
    'wrong_header',
    header
      ? `The template's header takes one parameter of type ${header.kind}.`
      : "The template's header takes nothing.",
  );
}

function checkButtons({ buttons }: TemplateNeeds, components: Components, refuse: Refuse): void {
  const seen = new Set<number>();
  for (const [place, component] of components.entries()) {
    if (component.type !== 'button') continue;
    const index = Number(component.index);
    const button = buttons.find((one) => one.index === index);
    if (seen.has(index)) refuse(`/components/${place}`, 'repeated', 'Each button may be given once.');
    seen.add(index);
    if (!button) refuse(`/components/${place}`, 'surplus_button', `The template's button ${index} takes no value.`);
    else if (button.kind !== component.sub_type)
      refuse(`/components/${place}`, 'wrong_button', `The template's button ${index} is of sub_type ${button.kind}.`);
  }
  for (const { index, isRequired } of buttons)
    if (isRequired && !seen.has(index))
      refuse('/components', 'missing_button', `The template's button ${index} needs a value.`);
}
