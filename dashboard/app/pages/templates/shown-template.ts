/** What a person sees of a template. */
export type Shown = { header?: string | undefined; body: string; footer?: string | undefined; buttons: string[] };

type Part = Record<string, unknown>;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** From Meta's parts. */
export function shownOf(components: readonly Part[]): Shown {
  const part = (type: string): Part | undefined => components.find((one) => text(one.type)?.toUpperCase() === type);
  const buttons = part('BUTTONS')?.buttons;
  const header = part('HEADER');
  const minutes = part('FOOTER')?.code_expiration_minutes;
  return {
    header: text(header?.text) ?? (header ? `[${text(header.format) ?? 'header'}]` : undefined),
    body: text(part('BODY')?.text) ?? '{{1}} is your verification code.',
    footer: text(part('FOOTER')?.text) ?? (minutes ? `This code expires in ${minutes} minutes.` : undefined),
    buttons: Array.isArray(buttons) ? buttons.map((one: Part) => text(one.text) ?? 'Copy code') : [],
  };
}

/** Puts the samples where the variables are. */
export const filled = (body: string, examples: readonly string[]): string =>
  body.replace(/\{\{(\d+)\}\}/g, (variable, number: string) => examples[Number(number) - 1] || variable);
