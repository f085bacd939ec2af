import {
  operationsOf,
  type OpenApiDocument,
  type Referable,
  type Schema,
} from '@greenroom/contract/document';

const BOUNDS = [
  ...['minimum', 'maximum', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'minProperties', 'maxProperties'],
];

/** Returns the module with the bounds of each schema and parameter by its name, and of each property by its name. */
export function limitsModule(document: OpenApiDocument): string {
  const limits = named(document).map(([name, schema]) => [
    name,
    { ...boundsOf(schema), ...ofProperties(schema, boundsOf) },
  ]);
  return `export const limits = ${JSON.stringify(withoutEmpty(limits))} as const;`;
}

/** Returns the module with the pattern of each schema, parameter and property that has one. */
export function patternsModule(document: OpenApiDocument): string {
  const patterns = named(document).map(([name, schema]) => [
    name,
    schema['pattern'] ?? ofProperties(schema, ({ pattern }) => pattern ?? {}),
  ]);
  return `export const patterns = ${JSON.stringify(withoutEmpty(patterns))} as const;`;
}

/** Returns the module with the path of each operation. */
export function pathsModule(document: OpenApiDocument): string {
  const paths = operationsOf(document).map(({ path, object }) => [object.operationId, path]);
  return `export const operationPaths = ${JSON.stringify(Object.fromEntries(paths))} as const;`;
}

function named({ components: { schemas, parameters = {} } }: OpenApiDocument): [string, Schema][] {
  return [
    ...Object.entries(schemas),
    ...Object.entries(parameters).map(([name, { schema }]): [string, Schema] => [name, written(schema)]),
  ];
}

/** Returns a schema, but empty for a reference: a referenced schema has its constants under its own name. */
function written(schema: Referable<Schema>): Schema {
  return '$ref' in schema ? {} : schema;
}

/** Returns the bounds of a schema. Bounds from an extension are named like keywords: `maxPixels`. */
function boundsOf(schema: Schema): Record<string, unknown> {
  const entries = Object.entries(schema).flatMap(([keyword, value]) => {
    if (BOUNDS.includes(keyword)) return [[keyword, value]];
    const name = /^x-(max-[a-z-]+)$/.exec(keyword)?.[1];
    return name === undefined
      ? []
      : [[name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()), value]];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function ofProperties({ properties = {} }: Schema, of: (schema: Schema) => unknown) {
  return withoutEmpty(Object.entries(properties).map(([name, schema]) => [name, of(written(schema))]));
}

function withoutEmpty(entries: unknown[][]): Record<string, unknown> {
  const filled = entries.filter(
    ([, value]) => typeof value !== 'object' || Object.keys(value ?? {}).length > 0,
  );
  return Object.fromEntries(filled) as Record<string, unknown>;
}
