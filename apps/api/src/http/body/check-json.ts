import { ApiError } from '../../errors/api-error.ts';
import { isStorable, unstorableKeyError, unstorableTextError } from './postgres-text.ts';

/** Deeper than any value that the document describes. */
const MAX_DEPTH = 32;

/** An invalid value. The path is built from the inside while the check returns, so a valid body costs nothing. */
interface Issue {
  path: string[];
  error: (path: readonly string[]) => ApiError;
}

/**
 * Checks a parsed body in one pass: it has at most `maxValues` values, is not nested too deep, sets no prototype,
 * and holds only numbers that JavaScript can represent and text that PostgreSQL can store.
 *
 * @throws {ApiError} 422 for the first invalid value, with its path
 */
export function checkJson(body: unknown, maxValues: number): void {
  let values = 0;

  const check = (value: unknown, depth: number): Issue | null => {
    values += 1;
    if (values > maxValues) return issue(() => tooManyValues(maxValues));
    if (typeof value === 'string') return isStorable(value) ? null : issue(unstorableTextError);
    // `1e400` is a number in JSON, and infinite as a double.
    if (typeof value === 'number' && !Number.isFinite(value) && depth > 0) return issue(infiniteNumber);
    if (typeof value !== 'object' || value === null) return null;
    if (depth >= MAX_DEPTH) return issue(tooDeep);
    return Array.isArray(value) ? checkItems(value, depth + 1) : checkMembers(value, depth + 1);
  };

  const checkItems = (items: readonly unknown[], depth: number): Issue | null => {
    for (let index = 0; index < items.length; index += 1) {
      const found = check(items[index], depth);
      if (found !== null) return within(String(index), found);
    }
    return null;
  };

  const checkMembers = (object: object, depth: number): Issue | null => {
    for (const [key, value] of Object.entries(object)) {
      if (!isStorable(key)) return issue(unstorableKeyError);
      if (setsPrototype(key, value)) return issue(prototypeKey);
      const found = check(value, depth);
      if (found !== null) return within(key, found);
    }
    return null;
  };

  const found = check(body, 0);
  if (found !== null) throw found.error(found.path.reverse());
}

function issue(error: Issue['error']): Issue {
  return { path: [], error };
}

function within(key: string, inner: Issue): Issue {
  inner.path.push(key);
  return inner;
}

/** Whether merging the object into another one would change a prototype. */
function setsPrototype(key: string, value: unknown): boolean {
  return (
    key === '__proto__' ||
    (key === 'constructor' &&
      typeof value === 'object' &&
      value !== null &&
      Object.hasOwn(value, 'prototype'))
  );
}

function tooManyValues(maxValues: number): ApiError {
  return new ApiError('body.invalid', { situation: 'values', values: { limit: maxValues } });
}

function tooDeep(path: readonly string[]): ApiError {
  return new ApiError('body.invalid', {
    situation: 'depth',
    values: { limit: MAX_DEPTH },
    param: path[0] ?? null,
  });
}

function infiniteNumber(path: readonly string[]): ApiError {
  const param = path.join('.');
  return path[0] === 'metadata'
    ? new ApiError('metadata.invalid_number', { param })
    : new ApiError('body.invalid', { situation: 'number', param });
}

function prototypeKey(): ApiError {
  return new ApiError('body.invalid', { situation: 'prototype' });
}
