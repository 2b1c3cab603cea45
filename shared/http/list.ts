import type { StoredPage } from '../store/sharded-list.ts';
import { type CursorBinding, readCursor, writeCursor } from './cursor.ts';

type Query = { limit: number; cursor?: string | undefined };

/**
 * One page of a list, its cursor read and the next one written.
 * @param owner the brand, or the organisation, whose list it is
 * @param resource the name of the list, e.g. `messages`, or `messages of cnv_…`
 * @param read gives at most `limit` rows after a position
 * @throws ApiError 400 `invalid_cursor`
 */
export async function listPage<Q extends Query, T, Row>(
  { cursorKey, owner, resource }: { cursorKey: () => Promise<string>; owner: string; resource: string },
  query: Q,
  read: (page: { after: string | null; limit: number }) => Promise<StoredPage<T>>,
  toRow: (stored: T) => Row,
): Promise<{ data: Row[]; next_cursor: string | null; has_more: boolean }> {
  const { limit, cursor, ...filters } = query;
  const key = await cursorKey();
  const binding: CursorBinding = { owner, resource, filters };
  const { rows, last } = await read({ after: cursor === undefined ? null : readCursor(key, binding, cursor), limit });
  const next_cursor = last === null ? null : writeCursor(key, binding, last);
  return { data: rows.map(toRow), next_cursor, has_more: next_cursor !== null };
}
