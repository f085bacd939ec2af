import ajvFormats from 'ajv-formats';

/** Instants as the server writes them, but for those of a 29th of February. */
const USUAL =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** RFC 3339, section 5.6; ajv-formats takes a space for the T and an offset without its colon, too. */
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Typed there as anything that Ajv takes for a format. */
const full = ajvFormats.default.get('date-time', 'full') as { validate(text: string): boolean };

/**
 * The format `date-time`: whatever the full check of ajv-formats says, which knows that February has no 30th.
 * That check takes its time, and a page of sessions has eighty instants; the usual ones are told at a glance.
 */
export function isDateTime(text: string): boolean {
  return USUAL.test(text) || (RFC_3339.test(text) && full.validate(text));
}

/** Whether a text is written like a time and is none, such as the 30th of February. */
export function isImpossibleTime(text: string): boolean {
  return RFC_3339.test(text) && !isDateTime(text);
}

/** What is expected of a time. */
export const TIME_WORDS = 'a time such as `2026-11-01T00:00:00Z`, with seconds and with `Z` or an offset';

const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The instant, or null where there is none. Rounded up to the millisecond: ids hold milliseconds, so "at or after
 * .0005" and "before .0005" both divide them at .001.
 */
export function parseDateTime(text: string): Date | null {
  if (!isDateTime(text)) return null;
  const finer = /\.\d{3}0*[1-9]/.test(text) ? 1 : 0;
  // RFC 3339 knows leap seconds; POSIX time counts them as the second that follows.
  const leap = /:60(?=[.Zz+-])/.test(text);
  const time = Date.parse(leap ? text.replace(':60', ':59') : text) + finer + (leap ? 1000 : 0);
  // An offset or the rounding can carry it out of the years that RFC 3339 has numbers for.
  return time >= EARLIEST && time <= LATEST ? new Date(time) : null;
}
