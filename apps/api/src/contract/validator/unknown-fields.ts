import { ApiError } from '../../errors/api-error.ts';
import { closestName, unknownFieldError } from '../../errors/unknown-names.ts';
import { isObject, placesTo, variantsOf, type Place, type ValueSchema } from '../../document/schema-at.ts';

/**
 * Returns the error of the first field of a body that its schema does not have; null where there is none. The path that
 * the validator gives does not tell: a slash in the name of the field is one more step of it.
 */
export function findUnknownField(root: Place, path: readonly string[] = []): ApiError | null {
  const [{ schema, value }] = placesTo(root, []);
  if (!isObject(value)) return null;
  const { properties = {} } = schema;
  const [unknown] = unknownNames({ schema, value });
  if (unknown !== undefined) {
    return misplacedField(path, unknown, schema) ?? unknownFieldError(path, unknown, Object.keys(properties));
  }
  for (const [name, property] of Object.entries(properties)) {
    const error = findUnknownField({ schema: property, value: value[name] }, [...path, name]);
    if (error !== null) return error;
  }
  return null;
}

/** Returns the error of a field that is there under another name, or in another object, where one is missing. */
export function findMisspeltField(root: Place, path: readonly string[]): ApiError | null {
  const { schema = {}, value } = placesTo(root, path).at(-1) ?? {};
  if (!isObject(value)) return null;
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  for (const name of unknownNames({ schema, value })) {
    const misplaced = misplacedField(path, name, schema);
    if (misplaced !== null) return misplaced;
    if (closestName(name, missing) !== undefined) return unknownFieldError(path, name, missing);
  }
  return null;
}

/** The error of a field that another object in the same one has. */
function misplacedField(
  path: readonly string[],
  name: string,
  { properties = {} }: ValueSchema,
): ApiError | null {
  const owner = Object.keys(properties).find((property) =>
    variantsOf(properties[property] ?? {}).some((variant) => Object.hasOwn(variant.properties ?? {}, name)),
  );
  if (owner === undefined) return null;
  const param = [...path, name].join('.');
  const values = { object: `\`${[...path, owner].join('.')}\`` };
  return new ApiError('body.unknown_field', { situation: 'elsewhere', values, param });
}

function unknownNames({ schema, value }: Place): string[] {
  if (!isObject(value) || schema.additionalProperties !== false) return [];
  return Object.keys(value).filter((name) => !Object.hasOwn(schema.properties ?? {}, name));
}
