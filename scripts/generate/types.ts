import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';

import type { OpenApiDocument } from './openapi-document.ts';

/**
 * TypeScript types of a bundle.
 *
 * `defaults: 'optional'` is the wire as a caller writes it: a property with a default may be left out.
 * `defaults: 'applied'` is the same request after validation, when every default has been filled in.
 */
export async function typesModule(
  document: OpenApiDocument,
  { defaults }: { defaults: 'optional' | 'applied' },
): Promise<string> {
  const ast = await openapiTypescript(structuredClone(document) as unknown as OpenAPI3, {
    defaultNonNullable: defaults === 'applied',
    alphabetize: false,
    silent: true,
  });
  return astToString(ast);
}
