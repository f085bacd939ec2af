import type { CallArguments, Operation } from '../operation.ts';

/**
 * Reads the arguments of a method: the path parameters one by one, then the body and the query if the operation has
 * them, then the options.
 *
 * @throws {TypeError} when an argument cannot be sent
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
  const query = operation.query ? readObject(name, rest.shift()) : {};
  const options = readObject(name, rest.shift());
  if (rest.length > 0) {
    throw new TypeError(`${name} got more arguments than it takes: ${String(rest.length)} too many.`);
  }
  return { path, body, query, options };
}

function readPathParameter(name: string, parameter: string, value: unknown): string {
  // These would change the path to that of another operation.
  if (typeof value !== 'string' || ['', '.', '..'].includes(value)) {
    throw new TypeError(`${name} needs ${parameter}: a string other than "", "." and "..".`);
  }
  return value;
}

function readObject(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') {
    throw new TypeError(`${name} got a ${typeof value} instead of an object.`);
  }
  return value as Readonly<Record<string, unknown>>;
}
