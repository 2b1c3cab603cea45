import type { Now } from '../clock.ts';

/** Connections, templates and endpoints are seen as they were at most this long ago, milliseconds: architecture §2. */
const MAX_STALE_MS = 60_000;

/** Beyond this many entries the oldest go: a container must not grow with the number of tenants it has served. */
const MAX_ENTRIES = 1000;

type Cached<Args extends readonly string[], T> = {
  (...args: Args): Promise<T>;
  /** What is known to be out of date is looked up again. */
  forget: (...args: Args) => void;
};

/**
 * Wraps a load so that a warm container does not repeat it. Only what `keep` accepts is remembered: an absence, or a
 * template not yet approved, is looked up again each time, so that the repair works at once.
 */
export function cached<Args extends readonly string[], T>(
  load: (...args: Args) => Promise<T>,
  keep: (value: T) => boolean,
  now: Now,
): Cached<Args, T> {
  const entries = new Map<string, { value: T; until: number }>();
  const keyOf = (args: Args): string => args.join('\n');
  const find = async (...args: Args): Promise<T> => {
    const key = keyOf(args);
    const known = entries.get(key);
    if (known && known.until > now()) return known.value;
    const value = await load(...args);
    entries.delete(key);
    if (keep(value)) entries.set(key, { value, until: now() + MAX_STALE_MS });
    if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value as string);
    return value;
  };
  return Object.assign(find, { forget: (...args: Args) => void entries.delete(keyOf(args)) });
}
