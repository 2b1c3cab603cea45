import { type ApiCall, headerOf } from './call.ts';

/** What goes back to the client. */
export type ApiAnswer = { status: number; headers: Record<string, string[]>; body: Buffer };

/** Media types in the order of an Accept header, without parameters. */
export const accepted = (call: ApiCall): string[] =>
  (headerOf(call, 'accept') ?? '').split(',').map((item) => (item.split(';')[0] ?? '').trim().toLowerCase());

/** The template for what the client accepts, else the JSON one, else the first. */
export function chooseTemplate(
  call: ApiCall,
  templates: Record<string, string>,
): { contentType: string; template: string } | undefined {
  const types = Object.keys(templates);
  const wanted = accepted(call).find((type) => types.includes(type));
  const contentType = wanted ?? types.find((type) => type === 'application/json') ?? types[0];
  return contentType === undefined ? undefined : { contentType, template: templates[contentType] ?? '' };
}
