import type { Schema } from '@greenroom/contract/document';

import { TIME_DESCRIPTION } from '../../document/date-time.ts';
import { oneOf, quoted } from '../../errors/message-text.ts';

/** Describes a valid value, after "must be". Never quotes the pattern. */
export function describeSchema(schema: Schema): string {
  const { type, 'x-expected': expected } = schema;
  if (expected !== undefined) return expected;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return oneOf(schema.enum.map(String));
  const types = [type ?? 'object'].flat();
  return types.map((one) => ofType(one, schema)).join(', or ');
}

function ofType(type: string, schema: Schema): string {
  switch (type) {
    case 'integer':
    case 'number':
      return `${type === 'integer' ? 'an integer' : 'a number'} ${numbers(schema)}`.trimEnd();
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return `an array of ${range(schema.minItems, schema.maxItems)} ${schema.uniqueItems === true ? 'different ' : ''}values`;
    case 'string':
      return text(schema);
    default:
      return schema.maxProperties === undefined
        ? 'a JSON object'
        : `a JSON object of at most ${schema.maxProperties} fields`;
  }
}

function text({ format, pattern, examples: [example] = [], minLength, maxLength }: Schema): string {
  if (format === 'date-time') return TIME_DESCRIPTION;
  if (pattern !== undefined && typeof example === 'string') return `an id such as \`${example}\``;
  return `a string of ${range(minLength, maxLength)} characters`;
}

/** Does not name the largest safe integer as a limit. */
function numbers({ minimum, maximum = Infinity }: Schema): string {
  const to = maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (minimum === undefined && to === undefined) return '';
  return `${minimum === undefined || to === undefined ? 'of' : 'from'} ${range(minimum, to)}`;
}

function range(from: number | undefined, to: number | undefined): string {
  if (to === undefined) return `at least ${from ?? 0}`;
  return from === undefined ? `at most ${to}` : `${from} to ${to}`;
}

/** Describes a value of a body, after "You sent". */
export function describeValue(value: unknown, { type = 'string' }: Schema = {}): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Uint8Array) return `a file of ${value.byteLength} bytes`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number beyond ±1.8e308';
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value === '') return 'an empty string';
  if (type.includes('string')) return quoted(value);
  const shown = quoted(value, '"');
  return shown.startsWith('"') ? `the string ${shown}` : shown;
}
