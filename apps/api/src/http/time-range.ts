import { parseDateTime } from '../contract/date-time.ts';
import { ApiError } from './api-error.ts';
import { beyondLastId, lowestIdAt, type IdPrefix } from '../ids.ts';

/**
 * The instant of a parameter.
 *
 * @throws {ApiError} 422 for text that is well-formed and yet names no time
 */
export function instant(text: string, param: string): Date {
  const time = parseDateTime(text);
  if (time !== null) return time;
  throw new ApiError('parameter.invalid', {
    message: `${param} is not a time. Write it as RFC 3339 does, such as 2026-01-31T12:00:00Z.`,
    param,
  });
}

/** Times and a cursor (newest first) as the range of ids `from` ≤ id < `before`; it may be empty. */
export function idRange(
  prefix: IdPrefix,
  range: { after: string | undefined; before: string | undefined; cursor: string | undefined },
): { from: string; before: string } {
  const from =
    range.after === undefined ? `${prefix}_` : lowestIdAt(prefix, instant(range.after, 'created_after'));
  const before = [
    range.cursor ?? beyondLastId(prefix),
    range.before === undefined
      ? beyondLastId(prefix)
      : lowestIdAt(prefix, instant(range.before, 'created_before')),
  ];
  return { from, before: before.sort()[0] ?? beyondLastId(prefix) };
}
