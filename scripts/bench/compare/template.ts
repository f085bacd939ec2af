import { randomBytes } from 'node:crypto';

import { newId, type IdPrefix } from '@greenroom/api/common/ids';

/** A request as its values: the organisation, the parts of the path, and the fields of the body. */
export interface RequestValues {
  orgId: string | undefined;
  path: readonly string[];
  body: unknown;
}

/** The replacement of each value of the recorded request. */
export type Replacements = Map<unknown, unknown>;

const ID = /^(sess|evt|use)_[0-9A-HJKMNP-TV-Z]{26}$/;
const HASH_BYTES = 32;

/**
 * Returns the replacements for a request: its values replace those of the recorded request.
 *
 * @param varying paths of the values that differ between requests
 */
export function replacementsOf(
  recorded: RequestValues,
  request: RequestValues,
  varying: readonly (readonly string[])[],
): Replacements {
  return new Map(varying.map((path) => [valueAt(recorded, path), valueAt(request, path)]));
}

/** Returns the paths of the values that differ between two requests. */
export function varyingPaths(a: unknown, b: unknown, path: readonly string[] = []): string[][] {
  if (isObject(a) && isObject(b)) {
    return Object.keys(a).flatMap((key) => varyingPaths(a[key], b[key], [...path, key]));
  }
  return a === b ? [] : [[...path]];
}

/**
 * Returns a copy of a recorded value with the replacements. Other ids and hashes get new values, each the same one
 * wherever it occurs in the request.
 */
export function filled(value: unknown, replacements: Replacements): unknown {
  if (typeof value === 'string' || typeof value === 'number') return filledText(value, replacements);
  if (value instanceof Uint8Array) {
    return value.byteLength === HASH_BYTES ? filledHash(value, replacements) : value;
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, replacements));
  if (!isObject(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, replacements)]));
}

function filledText(value: string | number, replacements: Replacements): unknown {
  const known = replacements.get(value);
  if (known !== undefined) return known;
  const prefix = typeof value === 'string' ? ID.exec(value)?.[1] : undefined;
  if (prefix === undefined) return value;
  const id = newId(prefix as IdPrefix);
  replacements.set(value, id);
  return id;
}

function filledHash(value: Uint8Array, replacements: Replacements): unknown {
  const name = Buffer.from(value).toString('latin1');
  const known = replacements.get(name);
  if (known !== undefined) return known;
  const hash = randomBytes(HASH_BYTES);
  replacements.set(name, hash);
  return hash;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((at, key) => (isObject(at) ? at[key] : undefined), value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
