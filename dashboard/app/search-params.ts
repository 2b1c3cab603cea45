/** A query string as it stands: names and text. */
export type Search = Record<string, string>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const text = new URLSearchParams(entries.filter(([, value]) => value !== '')).toString();
  return text === '' ? '' : `?${text}`;
}

type Rule = readonly string[] | 'text';
export type Rules = Record<string, Rule>;

/** Keeps what the page knows: an address that was written by hand asks for nothing odd. */
export const only =
  (rules: Rules) =>
  (search: Record<string, unknown>): Search => {
    const kept: Search = {};
    for (const [name, rule] of Object.entries<Rule>({ brand: 'text', ...rules })) {
      const value = search[name];
      if (typeof value !== 'string' || value === '' || value.length > 200) continue;
      if (rule === 'text' || rule.includes(value)) kept[name] = value;
    }
    return kept;
  };

const HOURS: Record<string, number> = { '1h': 1, '8h': 8, '24h': 24, '3d': 72, '7d': 168, '30d': 720 };
export const SPANS = Object.keys(HOURS);

/** The start of a span of time, on the minute: the same question is asked again only when it is another. */
export function sinceOf(span: string | undefined): string | undefined {
  const hours = span === undefined ? undefined : HOURS[span];
  if (hours === undefined) return undefined;
  const minute = 60_000;
  return new Date(Math.floor((Date.now() - hours * 60 * minute) / minute) * minute).toISOString();
}
