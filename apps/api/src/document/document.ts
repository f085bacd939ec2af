import { createRequire } from 'node:module';

import { operationTable, type OperationId } from '@greenroom/contract';

/** As much of an OpenAPI document as is read here. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, OperationObject>>;
  components: Record<string, Record<string, object>>;
}

export interface OperationObject {
  requestBody?: { content: Record<string, { schema?: object } | undefined> };
  parameters?: (ParameterObject | { $ref: string })[];
  responses: Record<string, object>;
}

export interface ParameterObject {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  schema: object;
}

export interface SchemaObject {
  type?: string;
  format?: string;
  properties?: Record<string, SchemaObject>;
  minLength?: number;
  maxLength?: number;
}

/** The whole document, internal operations included. */
export const document = createRequire(import.meta.url)('@greenroom/contract/openapi.json') as OpenApiDocument;

/**
 * Returns the document reduced to one operation, its responses and the components that they refer to.
 *
 * The validator finds the route of a request by trying every path of its document, so each operation gets a validator
 * with one path.
 */
export function documentOf(id: OperationId): OpenApiDocument {
  const { path, method } = operationTable[id];
  const item = document.paths[path];
  const operation = item?.[method];
  if (item === undefined || operation === undefined) throw new Error(`The document has no ${id}`);
  const parameters = item['parameters'];
  const reduced = {
    openapi: document.openapi,
    info: document.info,
    paths: { [path]: { ...(parameters && { parameters }), [method]: asValidated(operation) } },
    components: { securitySchemes: document.components['securitySchemes'] ?? {} },
  };
  addReferenced(reduced.paths, reduced.components);
  return withoutFileSchemas(withoutDiscriminatorMappings(structuredClone(reduced)));
}

/**
 * Returns the parts of an operation that the validator uses, with references replaced by their targets: it compiles
 * each target once more only to look at it, which takes longer than the rest of its setup.
 *
 * Error responses are left out: `sendError` writes them. In a request, the variants of a schema stay references, by
 * which the validator resolves a discriminator. A response needs no discriminator: it matches a variant or is rejected.
 */
function asValidated({ responses, ...request }: OperationObject): OperationObject {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return {
    ...inPlace(request, { keepVariants: true }),
    responses: inPlace(Object.fromEntries(successes), { keepVariants: false }),
  };
}

function inPlace<T>(node: T, options: { keepVariants: boolean }, within: readonly object[] = []): T {
  if (Array.isArray(node)) return node.map((item: unknown) => inPlace(item, options, within)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const target = resolved(node);
  // A recursive schema keeps its reference.
  if (within.includes(target)) return node;
  const entries = Object.entries({ ...target, ...node }).flatMap(([key, value]: [string, unknown]) => {
    if (key === '$ref' || (isDiscriminator(key, value) && !options.keepVariants)) return [];
    const keep = key === 'oneOf' && options.keepVariants;
    return [[key, keep ? value : inPlace(value, options, [...within, target])]];
  });
  return Object.fromEntries(entries) as T;
}

function isDiscriminator(key: string, value: unknown): boolean {
  return key === 'discriminator' && typeof value === 'object' && value !== null && 'propertyName' in value;
}

/** Follows a reference into the document's components. Returns any other node as it is. */
export function resolved(node: object): object {
  if (!('$ref' in node) || typeof node.$ref !== 'string') return node;
  const [section = '', name = ''] = node.$ref.replace('#/components/', '').split('/');
  const target = document.components[section]?.[name];
  if (target === undefined) throw new Error(`The document has no ${node.$ref}`);
  return resolved(target);
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
    const own = inPlace(target, { keepVariants: true });
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

/** Returns the list of texts that the document states for a schema by an extension. */
export function schemaValues(name: string, keyword: string): readonly string[] {
  const values = (document.components['schemas']?.[name] as Record<string, unknown> | undefined)?.[keyword];
  if (!Array.isArray(values)) throw new Error(`The schema ${name} has no list ${keyword}`);
  return values.map(String);
}

/** Returns a limit that the document states for a schema by an extension, where JSON Schema has no keyword for it. */
export function schemaLimit(schema: string, keyword: string): number {
  const value = (document.components['schemas']?.[schema] as Record<string, unknown> | undefined)?.[keyword];
  if (typeof value !== 'number') throw new Error(`The schema ${schema} has no ${keyword}`);
  return value;
}

/** Returns the maximum length of a (nested) string property of a schema, in characters. */
export function stringLimit(schema: string, ...path: string[]): number {
  const root: SchemaObject | undefined = document.components['schemas']?.[schema];
  const at = path.reduce((object, property) => object?.properties?.[property], root);
  if (at?.maxLength === undefined) throw new Error(`${[schema, ...path].join('.')} has no maxLength`);
  return at.maxLength;
}

/** Returns the values of a discriminator. */
export function discriminatorValues(property: string): string[] {
  interface Discriminated {
    discriminator?: { propertyName: string; mapping?: Record<string, string> };
  }
  const schemas = Object.values(document.components['schemas'] ?? {}) as Discriminated[];
  const schema = schemas.find(({ discriminator }) => discriminator?.propertyName === property);
  return Object.keys(schema?.discriminator?.mapping ?? {});
}
