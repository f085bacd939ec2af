import { InvalidArgumentError } from 'commander';

const MAX_NAME = 100;
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws {InvalidArgumentError} for what cannot be the id of a new organisation */
export function newOrgId(text: string): string {
  if (!SLUG.test(text)) {
    throw new InvalidArgumentError('Use 1 to 63 small letters, digits and hyphens, such as acme-2.');
  }
  if (text === 'platform') throw new InvalidArgumentError('This id is reserved. Use another one.');
  return text;
}

/** @throws {InvalidArgumentError} for what cannot be a name */
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

const MAX_CREDITS = 1_000_000_000;

/** @throws {InvalidArgumentError} for an amount that cannot be granted */
export function creditAmount(text: string): number {
  const credits = Number(text);
  if (/^\d{1,10}(?:\.\d)?$/.test(text) && credits > 0 && credits <= MAX_CREDITS) return credits;
  throw new InvalidArgumentError(
    `Use a number from 0.1 to ${MAX_CREDITS} with at most one digit after the point.`,
  );
}
