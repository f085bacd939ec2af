import { ApiError } from '../errors/api-error.ts';

/** A page of a list. */
export interface Page<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

/**
 * Returns a page of up to `limit` items. Pass one row more than that, if there is one: it shows that more items follow.
 * The cursor is the id of the page's last item.
 */
export function page<Row extends { id: string }, Item>(
  rows: Row[],
  limit: number,
  item: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const hasMore = rows.length > limit;
  return {
    object: 'list',
    data: shown.map(item),
    has_more: hasMore,
    next_cursor: hasMore ? (shown.at(-1)?.id ?? null) : null,
  };
}

/**
 * Returns the object that a list's cursor identifies; undefined without a cursor.
 *
 * @throws {ApiError} if `find` returns null. A malformed cursor, an unknown one and another organisation's have the
 *   same error, so that it does not show whether the object exists
 */
export async function requireCursor<T>(
  cursor: string | undefined,
  find: (id: string) => Promise<T | null>,
): Promise<T | undefined> {
  if (cursor === undefined) return undefined;
  const found = await find(cursor);
  if (found === null) throw new ApiError('cursor.unknown', { param: 'starting_after' });
  return found;
}
