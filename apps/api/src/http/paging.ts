import { ApiError } from './api-error.ts';

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

/**
 * One answer for what is malformed, unknown or another organisation's: existence must not leak. `kind` comes with its
 * article.
 */
export function unknownCursor(kind: string): ApiError {
  return new ApiError('cursor.unknown', {
    message: `starting_after is not the id of ${kind}. Pass the next_cursor of the page before.`,
    param: 'starting_after',
  });
}
