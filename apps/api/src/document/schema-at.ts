import { operationTable, type OperationId } from '@greenroom/contract';
import type { Referable, RequestBody, Schema } from '@greenroom/contract/document';

import { isObject } from '../common/is-object.ts';
import { document, merged, resolved } from './document.ts';

/** A value of a body and its schema. */
export interface BodyNode {
  schema: Schema;
  value: unknown;
}

/** Returns the schema of an operation's body. */
export function bodySchema(id: OperationId): Schema {
  const { path, method, requestContentTypes } = operationTable[id];
  const body = document.paths[path]?.[method]?.requestBody;
  const content = body && resolved<RequestBody>(body).content;
  return merged(content?.[requestContentTypes[0] ?? '']?.schema ?? {});
}

/** Returns the schema of a property of one of the document's schemas. */
export function propertySchema(name: string, property: string): Schema {
  return merged(document.components.schemas[name]?.properties?.[property] ?? {});
}

/** Returns the nodes from the body down to the value at a path, the variant of each object chosen by its discriminator. */
export function nodesTo(root: BodyNode, path: readonly string[]): [BodyNode, ...BodyNode[]] {
  const nodes: [BodyNode, ...BodyNode[]] = [{ ...root, schema: variantOf(root) }];
  let { schema, value } = nodes[0];
  for (const key of path) {
    value = isObject(value) ? value[key] : undefined;
    schema = variantOf({ schema: childOf(schema, key), value });
    nodes.push({ schema, value });
  }
  return nodes;
}

/** Returns the paths of all required fields that a value lacks, its own before those of its objects. */
export function missingFields(root: BodyNode, path: readonly string[] = []): string[] {
  const { value } = root;
  if (!isObject(value)) return [];
  const { required = [], properties = {} } = variantOf(root);
  const own = required.filter((name) => !(name in value)).map((name) => [...path, name].join('.'));
  const nested = Object.entries(properties).flatMap(([name, schema]) =>
    missingFields({ schema: merged(schema), value: value[name] }, [...path, name]),
  );
  return [...own, ...nested];
}

function childOf({ properties = {}, additionalProperties, items }: Schema, key: string): Schema {
  const child = Object.hasOwn(properties, key) ? properties[key] : items;
  return merged(child ?? (typeof additionalProperties === 'object' ? additionalProperties : {}));
}

/** Returns the variants of a schema that has a discriminator; of any other the schema itself. */
export function variantsOf(node: Referable<Schema>): Schema[] {
  const schema = merged(node);
  const mapping = schema.discriminator?.mapping;
  return mapping === undefined ? [schema] : Object.values(mapping).map(($ref) => resolved<Schema>({ $ref }));
}

function variantOf({ schema, value }: BodyNode): Schema {
  const { discriminator } = schema;
  const tag = discriminator && isObject(value) ? value[discriminator.propertyName] : undefined;
  const $ref = discriminator?.mapping?.[String(tag)];
  return $ref === undefined ? schema : resolved<Schema>({ $ref });
}
