import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';

import type { OpenApiDocument } from './openapi-document.ts';

/**
 * TypeScript types of a bundle.
 *
 * `defaults: 'optional'` is the wire as a caller writes it: a property with a default may be left out.
 * `defaults: 'applied'` is the same request after validation, when every default has been filled in.
 *
 * `files` is what the bytes of a file are: the caller has a `Blob`, the server the bytes themselves.
 */
export async function typesModule(
  document: OpenApiDocument,
  { defaults, files }: { defaults: 'optional' | 'applied'; files: 'Blob' | 'Uint8Array<ArrayBuffer>' },
): Promise<string> {
  const file = ts.factory.createTypeReferenceNode(files);
  const ast = await openapiTypescript(structuredClone(document) as unknown as OpenAPI3, {
    defaultNonNullable: defaults === 'applied',
    alphabetize: false,
    silent: true,
    transform: (schema) => (schema.format === 'binary' ? file : undefined),
  });
  return astToString(ast);
}
