import type { Operation } from '../operation.ts';
import type { IdempotentRequestOptions } from '../options.ts';

/** What one call of a method says, sorted by where it goes. */
export interface CallArguments {
  readonly path: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly query: Readonly<Record<string, unknown>>;
  readonly options: IdempotentRequestOptions;
}

/**
 * Sorts the arguments of a method: the path's parameters one by one, then the body if the operation has one, then the
 * query if it has one, then the options. Throws a TypeError for what cannot be sent.
 */
export function readArguments(name: string, operation: Operation, given: readonly unknown[]): CallArguments {
  const rest = [...given];
  const path = Object.fromEntries(
    operation.pathParameters.map((parameter) => [
      parameter,
      readPathParameter(name, parameter, rest.shift()),
    ]),
  );
  const body = operation.body === null ? undefined : rest.shift();
  const query = operation.queryParameters.length > 0 ? readObject(name, rest.shift()) : {};
  const options = readObject(name, rest.shift());
  if (rest.length > 0) throw new TypeError(`${name} was given ${String(rest.length)} more than it takes.`);
  return { path, body, query, options };
}

function readPathParameter(name: string, parameter: string, value: unknown): string {
  // These would make the address of another operation: an URL without the segment, or of the segment above it.
  if (typeof value !== 'string' || ['', '.', '..'].includes(value)) {
    throw new TypeError(`${name} needs ${parameter} as a string that is not empty, "." or "..".`);
  }
  return value;
}

function readObject(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object')
    throw new TypeError(`${name} was given a ${typeof value} in place of an object.`);
  return value as Readonly<Record<string, unknown>>;
}
