import { operationTable, type OperationId } from '@greenroom/contract';

import { document, resolved } from './document.ts';

/** The keywords of a schema that say what a value may be. */
export interface ValueSchema {
  type?: string | string[];
  format?: string;
  pattern?: string;
  const?: string;
  enum?: (string | null)[];
  examples?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  maxProperties?: number;
  propertyNames?: ValueSchema;
  not?: ValueSchema;
  required?: string[];
  properties?: Record<string, ValueSchema>;
  additionalProperties?: ValueSchema | boolean;
  items?: ValueSchema;
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
  /** What is expected, where the keywords do not say it in words. */
  'x-expected'?: string;
  'x-max-json-bytes'?: number;
}

/** A value of a body and its schema. */
export interface Place {
  schema: ValueSchema;
  value: unknown;
}

/** Returns the schema of an operation's body. */
export function bodySchema(id: OperationId): ValueSchema {
  const { path, method, requestContentTypes } = operationTable[id];
  const { content } = resolved(document.paths[path]?.[method]?.requestBody ?? {}) as {
    content?: Record<string, { schema?: ValueSchema } | undefined>;
  };
  return content?.[requestContentTypes[0] ?? '']?.schema ?? {};
}

/** Returns the schema of a property of one of the document's schemas. */
export function propertySchema(name: string, property: string): ValueSchema {
  const { properties = {} } = resolved({ $ref: `#/components/schemas/${name}` }) as ValueSchema;
  return properties[property] ?? {};
}

/** Returns the places from the body down to the value at a path, the variant of each object chosen by its discriminator. */
export function placesTo(root: Place, path: readonly string[]): [Place, ...Place[]] {
  const places: [Place, ...Place[]] = [{ ...root, schema: variantOf(root) }];
  let { schema, value } = places[0];
  for (const key of path) {
    value = isObject(value) ? value[key] : undefined;
    schema = variantOf({ schema: childOf(schema, key), value });
    places.push({ schema, value });
  }
  return places;
}

/** Returns the paths of all required fields that a value lacks, its own before those of its objects. */
export function missingFields(root: Place, path: readonly string[] = []): string[] {
  const { value } = root;
  if (!isObject(value)) return [];
  const { required = [], properties = {} } = variantOf(root);
  const own = required.filter((name) => !(name in value)).map((name) => [...path, name].join('.'));
  const nested = Object.entries(properties).flatMap(([name, schema]) =>
    missingFields({ schema, value: value[name] }, [...path, name]),
  );
  return [...own, ...nested];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function childOf({ properties = {}, additionalProperties, items }: ValueSchema, key: string): ValueSchema {
  if (Object.hasOwn(properties, key)) return properties[key] ?? {};
  return items ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
}

/** Returns the variants of a schema that has a discriminator; of any other the schema itself. */
export function variantsOf(schema: ValueSchema): ValueSchema[] {
  const own: ValueSchema = { ...resolved(schema), ...schema };
  const mapping = own.discriminator?.mapping;
  return mapping === undefined ? [own] : Object.values(mapping).map(($ref) => resolved({ $ref }));
}

function variantOf({ schema, value }: Place): ValueSchema {
  const { discriminator, ...own } = { ...resolved(schema), ...schema };
  if (discriminator === undefined) return own;
  const tag = isObject(value) ? value[discriminator.propertyName] : undefined;
  const $ref = discriminator.mapping?.[String(tag)];
  return $ref === undefined ? { ...own, discriminator } : resolved({ $ref });
}
