import type { OpenApiDocument, OperationObject, PathItem } from '@greenroom/contract/document';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';

/**
 * Returns the types of the wire as a caller writes it: a property with a default may be left out, and a file is a `Blob`.
 *
 * An open set of values (`x-extensible-enum`) becomes the union of those that are known, so that editors list them and a
 * misspelt one does not compile. Nothing checks the types when a program runs: a newer value passes.
 */
export async function typesModule(document: OpenApiDocument): Promise<string> {
  return astToString(await typesOf(document, { defaults: 'optional', files: 'Blob' }));
}

/**
 * Returns the types of requests after validation, which has filled in every default and read the bytes of files. Texts
 * are left out: they are in the types of the wire.
 */
export async function validatedRequestsModule(document: OpenApiDocument): Promise<string> {
  const ast = await typesOf(requestsOf(document), { defaults: 'applied', files: 'Uint8Array<ArrayBuffer>' });
  return astToString(ast, { formatOptions: { removeComments: true } });
}

async function typesOf(
  document: OpenApiDocument,
  { defaults, files }: { defaults: 'optional' | 'applied'; files: 'Blob' | 'Uint8Array<ArrayBuffer>' },
): Promise<ts.Node[]> {
  const file = ts.factory.createTypeReferenceNode(files);
  return openapiTypescript(structuredClone(document) as unknown as OpenAPI3, {
    defaultNonNullable: defaults === 'applied',
    alphabetize: false,
    silent: true,
    transform: (schema) => {
      if (schema.format === 'binary') return file;
      const known = (schema as { 'x-extensible-enum'?: string[] })['x-extensible-enum'];
      return known && ts.factory.createUnionTypeNode(known.map(literal));
    },
  });
}

function literal(value: string): ts.TypeNode {
  return ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(value));
}

/** Returns the document without responses, and without the components that no request refers to. */
function requestsOf({ openapi, info, paths, components }: OpenApiDocument): OpenApiDocument {
  const requests = Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [path, withoutResponses(item)]),
  );
  const referenced = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key !== '$ref' || typeof value !== 'string') {
        visit(value);
      } else if (!referenced.has(value)) {
        referenced.add(value);
        const [section = '', name = ''] = value.replace('#/components/', '').split('/');
        visit(components[section]?.[name]);
      }
    }
  };
  visit(requests);
  const kept = Object.entries(components).map(([section, entries = {}]): [string, Record<string, object>] => [
    section,
    Object.fromEntries(
      Object.entries(entries).filter(([name]) => referenced.has(`#/components/${section}/${name}`)),
    ),
  ]);
  return { openapi, info, paths: requests, components: { schemas: {}, ...Object.fromEntries(kept) } };
}

function withoutResponses(item: PathItem): PathItem {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [
      key,
      key === 'parameters' ? value : { ...(value as OperationObject), responses: {} },
    ]),
  );
}
