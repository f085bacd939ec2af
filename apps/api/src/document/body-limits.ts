import { operationTable, type OperationId } from '@greenroom/contract';
import type { Referable, RequestBody, Schema } from '@greenroom/contract/document';

import { KIB } from '../common/byte-size.ts';
import { document, resolved } from './document.ts';

/** The limits of an operation's JSON body. */
export interface BodyLimits {
  /** After decompression; whole KiB. */
  maxBytes: number;
  /** Objects, arrays, strings, numbers, booleans and nulls together. */
  maxValues: number;
}

interface Size {
  bytes: number;
  values: number;
}

/** The longest encoding of a character in UTF-8. Longer escapes are rare in long texts. */
const MAX_CHARACTER_BYTES = 4;
/** With escapes (`\u00e9`), text takes up to three times its bytes in UTF-8. */
const MAX_ESCAPE_FACTOR = 3;
/** Numbers, booleans and nulls. */
const MAX_LITERAL_BYTES = 32;
/** Quotes, colon, comma, line break and indentation of one member or item. */
const SYNTAX_BYTES = 32;

/** Added to the document's largest body, so that a slightly larger one still gets an error that names its field. */
const SPARE_BYTES = 8 * KIB;
const SPARE_VALUES = 1000;

/** Returns the limits of an operation's JSON body, derived from its schema. */
export function bodyLimits(id: OperationId): BodyLimits {
  const { path, method } = operationTable[id];
  const body = document.paths[path]?.[method]?.requestBody;
  const schema = body && resolved<RequestBody>(body).content['application/json']?.schema;
  if (schema === undefined) throw new Error(`${id} has no JSON body`);
  const { bytes, values } = largest(schema, id);
  return {
    maxBytes: Math.ceil((bytes + SPARE_BYTES) / KIB) * KIB,
    maxValues: values + SPARE_VALUES,
  };
}

/**
 * Returns the size of the largest value that a schema allows.
 *
 * @throws if the schema has no bound
 */
function largest(node: Referable<Schema>, where: string): Size {
  const schema = resolved<Schema>(node);
  const fixed = schema.const === undefined ? schema.enum : [schema.const];
  if (fixed !== undefined) return { bytes: Math.max(...fixed.map(jsonBytes)), values: 1 };
  if (schema.oneOf !== undefined) return maximum(schema.oneOf.map((variant) => largest(variant, where)));
  return maximum([schema.type ?? []].flat().map((type) => largestOfType(type, schema, where)));
}

function largestOfType(type: string, schema: Schema, where: string): Size {
  switch (type) {
    case 'string':
      return { bytes: bounded(schema.maxLength, where) * MAX_CHARACTER_BYTES + 2, values: 1 };
    case 'array':
      return container([times(largest(schema.items ?? {}, where), bounded(schema.maxItems, where))]);
    case 'object':
      return largestObject(schema, where);
    default:
      return { bytes: MAX_LITERAL_BYTES, values: 1 };
  }
}

function largestObject(schema: Schema, where: string): Size {
  const members = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { bytes, values } = largest(property, `${where}.${name}`);
    return { bytes: bytes + name.length + SYNTAX_BYTES, values };
  });
  // An open schema belongs to a transport that is rejected with any fields.
  if (typeof schema.additionalProperties === 'object') {
    const { bytes, values } = largest(schema.additionalProperties, where);
    const nameBytes = bounded(schema.propertyNames?.maxLength, where) * MAX_CHARACTER_BYTES;
    members.push(times({ bytes: bytes + nameBytes, values }, bounded(schema.maxProperties, where)));
  }
  const { bytes, values } = container(members);
  const maxJsonBytes = schema['x-max-json-bytes'];
  return {
    bytes: maxJsonBytes === undefined ? bytes : Math.min(bytes, maxJsonBytes * MAX_ESCAPE_FACTOR),
    values,
  };
}

function container(members: Size[]): Size {
  return {
    bytes: members.reduce((sum, member) => sum + member.bytes, SYNTAX_BYTES),
    values: members.reduce((sum, member) => sum + member.values, 1),
  };
}

function times({ bytes, values }: Size, count: number): Size {
  return { bytes: (bytes + SYNTAX_BYTES) * count, values: values * count };
}

function maximum(sizes: Size[]): Size {
  return {
    bytes: Math.max(0, ...sizes.map(({ bytes }) => bytes)),
    values: Math.max(1, ...sizes.map(({ values }) => values)),
  };
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function bounded(limit: number | undefined, where: string): number {
  if (limit === undefined) throw new Error(`${where}: the schema has no bound`);
  return limit;
}
