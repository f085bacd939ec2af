import { ApiError } from './api-error.ts';
import { beyondLastId, lowestIdAt, type IdPrefix } from '../ids.ts';

const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * An instant of a parameter or a field, rounded up to the millisecond: ids hold milliseconds, so "at or after
 * .0005" and "before .0005" both divide them at .001.
 *
 * @throws {ApiError} 422 for an instant that is well-formed and yet names no time
 */
export function instant(
  text: string,
  param: string,
  code: 'parameter.invalid' | 'body.invalid' = 'parameter.invalid',
): Date {
  const finer = /\.\d{3}0*[1-9]/.test(text) ? 1 : 0;
  // RFC 3339 knows leap seconds; POSIX time counts them as the second that follows.
  const leap = /:60(?=[.Zz+-])/.test(text);
  const time = Date.parse(leap ? text.replace(':60', ':59') : text) + finer + (leap ? 1000 : 0);
  // An offset or the rounding can carry it out of the years that RFC 3339 has numbers for.
  if (!(time >= EARLIEST && time <= LATEST)) {
    throw new ApiError(code, {
      message: `${param} is not a time. Write it as RFC 3339 does, such as 2026-01-31T12:00:00Z.`,
      param,
    });
  }
  return new Date(time);
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
