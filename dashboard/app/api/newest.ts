import type { Page } from './types.ts';

type Reads = {
  get: <T>(
    path: string,
    query: Record<string, string | number | boolean | undefined>,
    signal?: AbortSignal,
  ) => Promise<T>;
};

/** The newest rows, page after page, and whether there are no others. */
export type Newest<T> = { rows: T[]; isAll: boolean };

/** Looked through for rows that match a filter: where few do, a page of the API may hold none. */
const MOST_PAGES = 10;

export async function newest<T>(
  api: Reads,
  path: string,
  query: Record<string, string | number | boolean | undefined>,
  most: number,
  signal?: AbortSignal,
  mostPages = MOST_PAGES,
): Promise<Newest<T>> {
  const rows: T[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < mostPages && rows.length < most; pages += 1) {
    const page: Page<T> = await api.get(path, { limit: 100, ...query, ...(cursor && { cursor }) }, signal);
    rows.push(...page.data);
    cursor = page.has_more ? page.next_cursor : null;
  }
  return { rows, isAll: cursor === null };
}
