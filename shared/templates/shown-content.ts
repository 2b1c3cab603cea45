import type { TemplateNeeds } from './components.ts';
import type { Components } from './send-fields.ts';

/** What history shows in place of a one-time password. */
const MASK = '••••••';

/** A sent template for history: its text as the person reads it, and what was given. Nothing of a one-time password. */
export function shownContent(needs: TemplateNeeds, components: Components, isCode: boolean): Record<string, unknown> {
  if (isCode) return { code: MASK };
  return { body: rendered(needs, components), components };
}

function rendered({ bodyText, body, isNamed }: TemplateNeeds, components: Components): string {
  const parameters = components.find((component) => component.type === 'body')?.parameters ?? [];
  const values = new Map(
    parameters.map((parameter, place) => [
      isNamed ? (parameter.parameter_name ?? '') : (body[place] ?? ''),
      textOf(parameter),
    ]),
  );
  return bodyText.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (_whole, name: string) => values.get(name) ?? '');
}

type Parameter = Extract<Components[number], { type: 'body' }>['parameters'][number];

function textOf(parameter: Parameter): string {
  if (parameter.type === 'text') return parameter.text;
  return parameter.type === 'currency' ? parameter.currency.fallback_value : parameter.date_time.fallback_value;
}
