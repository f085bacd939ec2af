import { operationTable, type OperationId } from '@greenroom/contract';
import type { OpenApiDocument, OperationObject } from '@greenroom/contract/document';

import { document, resolved } from '../../document/document.ts';

/**
 * Returns the document reduced to one operation, its responses and the components that they refer to: each operation has
 * a validator, which is set up at its first request.
 *
 * @throws {Error} when the document has no such operation or component
 */
export function reducedDocument(id: OperationId): OpenApiDocument {
  const { path, method } = operationTable[id];
  const item = document.paths[path];
  const operation = item?.[method];
  if (item === undefined || operation === undefined) throw new Error(`The document has no ${id}`);
  const { parameters } = item;
  const reduced = {
    openapi: document.openapi,
    info: document.info,
    paths: { [path]: { ...(parameters && { parameters }), [method]: asValidated(operation) } },
    components: { schemas: {}, securitySchemes: document.components.securitySchemes ?? {} },
  };
  addReferenced(reduced.paths, reduced.components);
  return withoutFileSchemas(withoutDiscriminatorMappings(structuredClone(reduced)));
}

/**
 * Returns the parts of an operation that the validator uses, with references replaced by their targets: it would
 * compile each target again only to inspect it, which takes longer than the rest of its setup.
 *
 * Error responses are left out: `sendError` writes them. In a request, the variants of a schema stay references, by
 * which the validator resolves a discriminator. A response needs no discriminator: it matches a variant or is rejected.
 */
function asValidated({ responses, ...request }: OperationObject): OperationObject {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return {
    ...inlined(request, { keepVariants: true }),
    responses: inlined(Object.fromEntries(successes), { keepVariants: false }),
  };
}

function inlined<T>(node: T, options: { keepVariants: boolean }, within: readonly object[] = []): T {
  if (Array.isArray(node)) return node.map((item: unknown) => inlined(item, options, within)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const target = resolved(node);
  // A recursive schema keeps its reference.
  if (within.includes(target)) return node;
  const entries = Object.entries({ ...target, ...node }).flatMap(([key, value]: [string, unknown]) => {
    if (key === '$ref' || (isDiscriminator(key, value) && !options.keepVariants)) return [];
    const keep = key === 'oneOf' && options.keepVariants;
    return [[key, keep ? value : inlined(value, options, [...within, target])]];
  });
  return Object.fromEntries(entries) as T;
}

function isDiscriminator(key: string, value: unknown): boolean {
  return key === 'discriminator' && typeof value === 'object' && value !== null && 'propertyName' in value;
}

/**
 * Adds components before those that refer to them: the validator walks the schemas in this order, and a discriminator
 * that it first finds inside another schema breaks its handling of that schema's other fields.
 */
function addReferenced(node: unknown, into: OpenApiDocument['components'], seen = new Set<string>()): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key !== '$ref' || typeof value !== 'string') {
      addReferenced(value, into, seen);
      continue;
    }
    if (seen.has(value)) continue;
    seen.add(value);
    const [section, name] = value.replace('#/components/', '').split('/');
    const target = document.components[section ?? '']?.[name ?? ''];
    if (section === undefined || name === undefined || target === undefined) {
      throw new Error(`The document has no ${value}`);
    }
    const own = inlined(target, { keepVariants: true });
    addReferenced(own, into, seen);
    (into[section] ??= {})[name] = own;
  }
}

/** The validator takes a discriminator's values from the variants and does not accept an explicit mapping. */
function withoutDiscriminatorMappings<T>(node: T): T {
  if (typeof node !== 'object' || node === null) return node;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'discriminator' && typeof value === 'object' && value !== null) {
      delete (value as { mapping?: unknown }).mapping;
    }
    withoutDiscriminatorMappings(value);
  }
  return node;
}

/** Files are bytes, which JSON Schema does not describe. Their limits are checked when they are read and sent. */
function withoutFileSchemas<T>(node: T): T {
  if (typeof node !== 'object' || node === null) return node;
  if ('format' in node && node.format === 'binary') {
    for (const key of Object.keys(node)) Reflect.deleteProperty(node, key);
  }
  for (const value of Object.values(node)) withoutFileSchemas(value);
  return node;
}
