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

export const SPANS: Record<string, { hours: number; words: string }> = {
  '1h': { hours: 1, words: 'Last hour' },
  '8h': { hours: 8, words: 'Last 8 hours' },
  '24h': { hours: 24, words: 'Last 24 hours' },
  '3d': { hours: 72, words: 'Last 3 days' },
  '7d': { hours: 168, words: 'Last 7 days' },
  '30d': { hours: 720, words: 'Last 30 days' },
};

const HOUR_MS = 3_600_000;

/** The start of so many whole hours, this one the last: asked for again, it is another question only with the next hour. */
export const startOfHours = (hours: number): string =>
  new Date((Math.floor(Date.now() / HOUR_MS) - hours + 1) * HOUR_MS).toISOString();

/** The start of a span of time, on the minute: the same question is asked again only when it is another. */
export function sinceOf(span: string | undefined): string | undefined {
  const hours = span === undefined ? undefined : SPANS[span]?.hours;
  if (hours === undefined) return undefined;
  const minute = 60_000;
  return new Date(Math.floor((Date.now() - hours * 60 * minute) / minute) * minute).toISOString();
}
