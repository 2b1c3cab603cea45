import type { Now } from '../clock.ts';

/** Connections, templates and endpoints are seen as they were at most this long ago, milliseconds: architecture §2. */
const MAX_STALE_MS = 60_000;

/** Beyond this many entries the oldest go: a container must not grow with the number of tenants it has served. */
const MAX_ENTRIES = 1000;

/**
 * Wraps a load so that a warm container does not repeat it. Only what `keep` accepts is remembered: an absence, or a
 * template not yet approved, is looked up again each time, so that the repair works at once.
 */
export function cached<Args extends readonly string[], T>(
  load: (...args: Args) => Promise<T>,
  keep: (value: T) => boolean,
  now: Now,
): (...args: Args) => Promise<T> {
  const entries = new Map<string, { value: T; until: number }>();
  return async (...args) => {
    const key = args.join('\n');
    const known = entries.get(key);
    if (known && known.until > now()) return known.value;
    const value = await load(...args);
    entries.delete(key);
    if (keep(value)) entries.set(key, { value, until: now() + MAX_STALE_MS });
    if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value as string);
    return value;
  };
}
