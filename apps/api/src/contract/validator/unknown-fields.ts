import type { Schema } from '@greenroom/contract/document';

import { isObject } from '../../common/is-object.ts';
import { merged } from '../../document/document.ts';
import { nodesTo, variantsOf, type BodyNode } from '../../document/schema-at.ts';
import { ApiError } from '../../errors/api-error.ts';
import { closestName, unknownFieldError } from '../../errors/unknown-names.ts';

/**
 * Returns the error of the first unknown field of a body; null if there is none. The validator's path is ambiguous:
 * a slash in a name looks like one more level.
 */
export function findUnknownField(root: BodyNode, path: readonly string[] = []): ApiError | null {
  const [{ schema, value }] = nodesTo(root, []);
  if (!isObject(value)) return null;
  const { properties = {} } = schema;
  const [unknown] = unknownNames({ schema, value });
  if (unknown !== undefined) {
    return misplacedField(path, unknown, schema) ?? unknownFieldError(path, unknown, Object.keys(properties));
  }
  for (const [name, property] of Object.entries(properties)) {
    const error = findUnknownField({ schema: merged(property), value: value[name] }, [...path, name]);
    if (error !== null) return error;
  }
  return null;
}

/** Returns the error of a misspelt or misplaced field next to a missing one; null if there is none. */
export function findMisspeltField(root: BodyNode, path: readonly string[]): ApiError | null {
  const { schema = {}, value } = nodesTo(root, path).at(-1) ?? {};
  if (!isObject(value)) return null;
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  for (const name of unknownNames({ schema, value })) {
    const misplaced = misplacedField(path, name, schema);
    if (misplaced !== null) return misplaced;
    if (closestName(name, missing) !== undefined) return unknownFieldError(path, name, missing);
  }
  return null;
}

/** Returns the error of a field that belongs to a nested object; null if it does not. */
function misplacedField(path: readonly string[], name: string, { properties = {} }: Schema): ApiError | null {
  const owner = Object.keys(properties).find((property) =>
    variantsOf(properties[property] ?? {}).some((variant) => Object.hasOwn(variant.properties ?? {}, name)),
  );
  if (owner === undefined) return null;
  const param = [...path, name].join('.');
  const values = { object: `\`${[...path, owner].join('.')}\`` };
  return new ApiError('body.unknown_field', { situation: 'elsewhere', values, param });
}

function unknownNames({ schema, value }: BodyNode): string[] {
  if (!isObject(value) || schema.additionalProperties !== false) return [];
  return Object.keys(value).filter((name) => !Object.hasOwn(schema.properties ?? {}, name));
}
