import { beyondLastId, lowestIdAt, type IdPrefix } from '../common/ids.ts';
import { parseDateTime, TIME_DESCRIPTION } from '../document/date-time.ts';
import { ApiError } from '../errors/api-error.ts';
import { quoted } from '../errors/message-text.ts';

/**
 * Parses the time of a parameter.
 *
 * @throws {ApiError} 422 for a time out of range
 */
export function parseTimeParameter(text: string, param: string): Date {
  const time = parseDateTime(text);
  if (time !== null) return time;
  throw new ApiError('parameter.invalid', {
    situation: 'value',
    values: { expected: TIME_DESCRIPTION, sent: quoted(text) },
    param,
  });
}

/** Returns the range of ids `from` ≤ id < `before` for times and a cursor of a list, newest first. It may be empty. */
export function idRange(
  prefix: IdPrefix,
  range: { after: string | undefined; before: string | undefined; cursor: string | undefined },
): { from: string; before: string } {
  const from =
    range.after === undefined
      ? `${prefix}_`
      : lowestIdAt(prefix, parseTimeParameter(range.after, 'created_after'));
  const before = [
    range.cursor ?? beyondLastId(prefix),
    range.before === undefined
      ? beyondLastId(prefix)
      : lowestIdAt(prefix, parseTimeParameter(range.before, 'created_before')),
  ];
  return { from, before: before.sort()[0] ?? beyondLastId(prefix) };
}
