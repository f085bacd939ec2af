import { createRequire } from 'node:module';

import {
  mergedSchema,
  resolve,
  type OpenApiDocument,
  type Referable,
  type Schema,
} from '@greenroom/contract/document';

/** The whole document, internal operations included. */
export const document = createRequire(import.meta.url)('@greenroom/contract/openapi.json') as OpenApiDocument;

/** Follows a reference into the document's components. Returns any other node as it is. */
export function resolved<T extends object>(node: Referable<T>): T {
  return resolve<T>(document, node);
}

/** Returns a schema with the keywords next to a reference taking precedence over those of its target. */
export function merged(node: Referable<Schema>): Schema {
  return mergedSchema(document, node);
}

/**
 * Returns the list of texts that the document states for a schema by an extension.
 *
 * @throws {Error} when the schema has no such list
 */
export function schemaValues(name: string, keyword: string): readonly string[] {
  const values = document.components.schemas[name]?.[keyword];
  if (!Array.isArray(values)) throw new Error(`The schema ${name} has no list ${keyword}`);
  return values.map(String);
}

/** Returns the values of a discriminator. */
export function discriminatorValues(property: string): string[] {
  const schemas = Object.values(document.components.schemas);
  const schema = schemas.find(({ discriminator }) => discriminator?.propertyName === property);
  return Object.keys(schema?.discriminator?.mapping ?? {});
}
