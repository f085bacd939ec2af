import { operationsOf, resolve, type OpenApiDocument } from '@greenroom/contract/document';

/** Returns the deprecated operations, parameters and fields of a document. */
export function deprecationsOf(document: OpenApiDocument): string[] {
  const inOperations = operationsOf(document).flatMap(({ object, parameters }) => [
    ...(object.deprecated === true ? [object.operationId] : []),
    ...parameters
      .filter(({ deprecated }) => deprecated === true)
      .map(({ name }) => `${object.operationId} ${name}`),
  ]);
  const inSchemas = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
    Object.entries(schema.properties ?? {})
      .filter(([, property]) => resolve(document, property).deprecated === true)
      .map(([property]) => `${name}.${property}`),
  );
  return [...inOperations, ...inSchemas];
}
