import { InvalidArgumentError } from 'commander';

import { INCLUDED_PREFIX } from '../accounts/included-credits-repository.ts';
import { parseDateTime, TIME_DESCRIPTION } from '../document/date-time.ts';

const MAX_NAME = 100;
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws {InvalidArgumentError} when the text cannot be the id of a new organisation */
export function newOrgId(text: string): string {
  if (!SLUG.test(text)) {
    throw new InvalidArgumentError('Use 1 to 63 lowercase letters, digits and hyphens, such as acme-2.');
  }
  if (text === 'platform') throw new InvalidArgumentError('This id is reserved. Use another id.');
  return text;
}

/** @throws {InvalidArgumentError} when the text cannot be a name */
export function displayName(text: string): string {
  if (text.trim() === '' || text.length > MAX_NAME || /\p{Cc}/u.test(text)) {
    throw new InvalidArgumentError(`Use 1 to ${MAX_NAME} characters, without control characters.`);
  }
  return text;
}

/** Returns the parser of an integer of a range. */
export function integer(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Use an integer from ${minimum} to ${maximum}.`);
  };
}

/** The value that removes a limit of an organisation. */
export const DEFAULT = 'default';

/** Returns the parser of an integer of a range, or of `default`. */
export function integerOrDefault(
  minimum: number,
  maximum: number,
): (text: string) => number | typeof DEFAULT {
  const parse = integer(minimum, maximum);
  // Commander would replace null by an empty text.
  return (text) => (text === DEFAULT ? DEFAULT : parse(text));
}

/** @throws {InvalidArgumentError} when the text cannot be the reference of a grant */
export function grantReference(text: string): string {
  if (text.startsWith(INCLUDED_PREFIX)) {
    throw new InvalidArgumentError(
      `References that begin with \`${INCLUDED_PREFIX}\` are reserved for the monthly grants.`,
    );
  }
  return displayName(text);
}

const MAX_CREDITS = 1_000_000_000;

/** @throws {InvalidArgumentError} for an amount that cannot be granted */
export function creditAmount(text: string): number {
  const credits = Number(text);
  if (/^\d{1,10}(?:\.\d)?$/.test(text) && credits > 0 && credits <= MAX_CREDITS) return credits;
  throw new InvalidArgumentError(
    `Use a number from 0.1 to ${MAX_CREDITS} with at most one digit after the decimal point.`,
  );
}

/** @throws {InvalidArgumentError} when the text is not a time */
export function time(text: string): Date {
  const parsed = parseDateTime(text);
  if (parsed === null) throw new InvalidArgumentError(`Use ${TIME_DESCRIPTION}.`);
  return parsed;
}

/** @throws {InvalidArgumentError} when the text is not a time in the future */
export function futureTime(text: string): Date {
  const parsed = time(text);
  if (parsed.getTime() <= Date.now()) throw new InvalidArgumentError('Use a time in the future.');
  return parsed;
}

/** The time of a key that does not expire. */
export const NEVER = 'never';

/** @throws {InvalidArgumentError} when the text is neither `never` nor a time in the future */
export function futureTimeOrNever(text: string): Date | typeof NEVER {
  return text === NEVER ? NEVER : futureTime(text);
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MAX_DURATION_MS = 90 * UNIT_MS.d;

/** @throws {InvalidArgumentError} when the text is not a duration of at most 90 days */
export function durationMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const duration = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (duration > 0 && duration <= MAX_DURATION_MS) return duration;
  throw new InvalidArgumentError('Use minutes, hours or days, such as 30m, 24h or 7d, up to 90d.');
}

/** @throws {InvalidArgumentError} when the text is not the address of a LiveKit server */
export function livekitUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && ['ws:', 'wss:'].includes(url.protocol) && url.username === '') return url;
  throw new InvalidArgumentError('Use an address such as wss://livekit.example.com.');
}
