import type { StoredPage } from './sharded-list.ts';

/** A page of what was read as a whole: an organisation has few brands, people and keys. Newest first by id or time. */
export function pageOfAll<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  { after, limit }: { after: string | null; limit: number },
): StoredPage<T> {
  const ordered = [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
  const rest = after === null ? ordered : ordered.filter((row) => keyOf(row) < after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, last: last !== undefined && rest.length > limit ? keyOf(last) : null };
}
