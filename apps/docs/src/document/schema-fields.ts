import {
  mergedSchema,
  resolve,
  type OpenApiDocument,
  type Referable,
  type Schema,
} from '@greenroom/contract/document';

import type { Field } from '../blocks/block.ts';
import { schemaNotes, schemaType } from './schema-summary.ts';

/** Returns the properties of a schema as fields, with nested properties as their children. */
export function propertyFields(document: OpenApiDocument, node: Referable<Schema>): Field[] {
  const schema = resolve(document, node);
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) =>
    schemaField(document, property, { name, required: required.has(name) }),
  );
}

/** Returns the field of a property or a parameter. */
export function schemaField(
  document: OpenApiDocument,
  node: Referable<Schema>,
  { name, required }: { name: string; required: boolean },
): Field {
  const schema = mergedSchema(document, node);
  return {
    name,
    type: schemaType(document, schema),
    required,
    deprecated: schema.deprecated === true,
    notes: schemaNotes(document, schema),
    text: schema.description ?? '',
    children: inside(document, schema),
  };
}

function inside(document: OpenApiDocument, schema: Schema): Field[] {
  if (schema.items !== undefined) return inside(document, mergedSchema(document, schema.items));
  const variants = (schema.oneOf ?? schema.anyOf ?? []).map((variant) => mergedSchema(document, variant));
  const objects = variants.filter(({ properties }) => properties !== undefined);
  if (objects.length === 0) return propertyFields(document, schema);
  if (objects.length === 1) return objects.flatMap((object) => propertyFields(document, object));
  return objects.map((object) => ({
    name: variantName(document, object),
    type: 'object',
    required: false,
    deprecated: object.deprecated === true,
    notes: [],
    text: object.description ?? '',
    children: propertyFields(document, object),
  }));
}

/** Returns the name of a variant: the value of its discriminator. */
function variantName(document: OpenApiDocument, variant: Schema): string {
  const named = Object.entries(variant.properties ?? {})
    .map(([name, property]) => ({ name, constant: resolve<Schema>(document, property).const }))
    .find(({ constant }) => constant !== undefined);
  return named === undefined ? (variant.title ?? 'variant') : `${named.name}: ${String(named.constant)}`;
}
