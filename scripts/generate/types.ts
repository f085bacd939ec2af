import type { OpenApiDocument } from '@greenroom/contract/document';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';

/**
 * TypeScript types of a bundle.
 *
 * `defaults: 'optional'` is the wire as a caller writes it: a property with a default may be left out.
 * `defaults: 'applied'` is the same request after validation, when every default has been filled in.
 *
 * `files` is the type of a file: a `Blob` for the caller, the bytes for the server.
 *
 * An open set of values (`x-extensible-enum`) becomes the union of those that are known, so that editors list them and a
 * misspelt one does not compile. Nothing checks the types when a program runs: a newer value passes.
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
    transform: (schema) => {
      if (schema.format === 'binary') return file;
      const known = (schema as { 'x-extensible-enum'?: string[] })['x-extensible-enum'];
      return known && ts.factory.createUnionTypeNode(known.map(literal));
    },
  });
  return astToString(ast);
}

function literal(value: string): ts.TypeNode {
  return ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(value));
}
