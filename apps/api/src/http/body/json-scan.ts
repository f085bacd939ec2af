import { ApiError } from '../../errors/api-error.ts';
import { isStorable, unstorableKey, unstorableText } from './postgres-text.ts';

/** Nothing that the document describes is deeper. */
const MAX_DEPTH = 32;

/** What is wrong with a body; `path` grows from the inside while the scan returns, so a sound body costs none. */
interface Fault {
  path: string[];
  error: (path: readonly string[]) => ApiError;
}

/**
 * Checks a parsed body in one pass: it has at most `maxValues` values, is not nested too deep, sets no prototype,
 * and holds only numbers that JavaScript can represent and text that PostgreSQL can store.
 *
 * @throws {ApiError} 422 for the first fault, with its path
 */
export function scanJson(body: unknown, maxValues: number): void {
  let values = 0;

  const scan = (value: unknown, depth: number): Fault | null => {
    values += 1;
    if (values > maxValues) return faultOf(() => tooManyValues(maxValues));
    if (typeof value === 'string') return isStorable(value) ? null : faultOf(unstorableText);
    // `1e400` is a number of JSON and of no double.
    if (typeof value === 'number' && !Number.isFinite(value) && depth > 0) return faultOf(beyondNumbers);
    if (typeof value !== 'object' || value === null) return null;
    if (depth >= MAX_DEPTH) return faultOf(tooDeep);
    return Array.isArray(value) ? scanItems(value, depth + 1) : scanMembers(value, depth + 1);
  };

  const scanItems = (items: readonly unknown[], depth: number): Fault | null => {
    for (let index = 0; index < items.length; index += 1) {
      const fault = scan(items[index], depth);
      if (fault !== null) return within(String(index), fault);
    }
    return null;
  };

  const scanMembers = (object: object, depth: number): Fault | null => {
    for (const [key, value] of Object.entries(object)) {
      if (!isStorable(key)) return faultOf(unstorableKey);
      if (setsPrototype(key, value)) return faultOf(prototypeKey);
      const fault = scan(value, depth);
      if (fault !== null) return within(key, fault);
    }
    return null;
  };

  const fault = scan(body, 0);
  if (fault !== null) throw fault.error(fault.path.reverse());
}

function faultOf(error: Fault['error']): Fault {
  return { path: [], error };
}

function within(key: string, fault: Fault): Fault {
  fault.path.push(key);
  return fault;
}

/** Keys by which a merge of objects would change a prototype. */
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

function beyondNumbers(path: readonly string[]): ApiError {
  const param = path.join('.');
  return path[0] === 'metadata'
    ? new ApiError('metadata.invalid_number', { param })
    : new ApiError('body.invalid', { situation: 'number', param });
}

function prototypeKey(): ApiError {
  return new ApiError('body.invalid', { situation: 'prototype' });
}
