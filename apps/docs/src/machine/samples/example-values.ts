import {
  resolve,
  valuesOf,
  type Example,
  type MediaType,
  type OpenApiDocument,
  type Parameter,
} from '@greenroom/contract/document';

/** Returns the example of a parameter; undefined where it has none. */
export function parameterExample(document: OpenApiDocument, parameter: Parameter): unknown {
  return parameter.example ?? firstExample(document, parameter.examples);
}

/**
 * Returns a value for a required parameter: its own example, or one of its schema.
 *
 * @throws {Error} when it has neither
 */
export function requiredParameterExample(document: OpenApiDocument, parameter: Parameter): unknown {
  const own = parameterExample(document, parameter);
  if (own !== undefined) return own;
  const schema = resolve(document, parameter.schema);
  const value = schema.example ?? schema.examples?.[0] ?? schema.default ?? valuesOf(schema)?.[0];
  if (value === undefined) throw new Error(`The parameter ${parameter.name} has no example.`);
  return value;
}

/**
 * Returns the first example of a body.
 *
 * @throws {Error} when it has none
 */
export function bodyExample(document: OpenApiDocument, media: MediaType): unknown {
  const value = media.example ?? firstExample(document, media.examples);
  if (value === undefined) throw new Error('A body has no example.');
  return value;
}

function firstExample(document: OpenApiDocument, examples: Parameter['examples']): unknown {
  const [first] = Object.values(examples ?? {});
  return first && resolve<Example>(document, first).value;
}
