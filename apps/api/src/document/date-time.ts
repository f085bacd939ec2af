import ajvFormats from 'ajv-formats';

/** Times as the server writes them, except those of February 29. */
const USUAL =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** RFC 3339, section 5.6. ajv-formats also accepts a space for the T and an offset without its colon. */
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** ajv-formats types it as any kind of format. */
const full = ajvFormats.default.get('date-time', 'full') as { validate(text: string): boolean };

/**
 * Checks the format `date-time` like the full mode of ajv-formats, which rejects February 30. A regular expression
 * accepts the usual form first, because that check is slow and a page of sessions has eighty times.
 */
export function isDateTime(text: string): boolean {
  return USUAL.test(text) || (RFC_3339.test(text) && full.validate(text));
}

/** Returns whether a text has the form of a time that does not exist, such as February 30. */
export function isImpossibleTime(text: string): boolean {
  return RFC_3339.test(text) && !isDateTime(text);
}

/** Describes a valid time, after "must be". */
export const TIME_DESCRIPTION =
  'a time such as `2026-11-01T00:00:00Z`, with seconds and with `Z` or an offset';

const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Parses a time; null if it is not valid. Rounds up to the millisecond: ids contain milliseconds, so "at or after
 * .0005" and "before .0005" both split them at .001.
 */
export function parseDateTime(text: string): Date | null {
  if (!isDateTime(text)) return null;
  const finer = /\.\d{3}0*[1-9]/.test(text) ? 1 : 0;
  // RFC 3339 has leap seconds. POSIX time counts one as the second that follows.
  const leap = /:60(?=[.Zz+-])/.test(text);
  const time = Date.parse(leap ? text.replace(':60', ':59') : text) + finer + (leap ? 1000 : 0);
  // An offset or the rounding can move the time out of the range of RFC 3339.
  return time >= EARLIEST && time <= LATEST ? new Date(time) : null;
}
