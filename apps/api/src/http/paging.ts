import { ApiError } from '../errors/api-error.ts';

/** A page as every list answers it. */
export interface Page<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

/**
 * Makes a page of `limit` items from rows read with one to spare, which says whether there are more.
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

/** One error for what is malformed, unknown or another organisation's: existence must not leak. */
export function unknownCursorError(): ApiError {
  return new ApiError('cursor.unknown', { param: 'starting_after' });
}
