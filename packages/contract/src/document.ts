import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The parts of an OpenAPI 3.1 bundle that this repository reads. References are local. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; summary?: string; description?: string };
  servers?: Server[];
  externalDocs?: { url: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, PathItem>;
  webhooks?: Record<string, PathItem>;
  components: {
    schemas: Record<string, Schema>;
    parameters?: Record<string, Parameter>;
    responses?: Record<string, Response>;
    examples?: Record<string, Example>;
    securitySchemes?: Record<string, { type: string; scheme?: string }>;
    [section: string]: Record<string, object> | undefined;
  };
}

export interface Server {
  url: string;
  description?: string;
  variables?: Record<string, { default: string }>;
}

export interface Reference {
  $ref: string;
}

export type Referable<T> = T | Reference;

export type Method = (typeof METHODS)[number];

export type PathItem = Partial<Record<Method, OperationObject>> & { parameters?: Referable<Parameter>[] };

export interface OperationObject {
  operationId: string;
  tags?: string[];
  summary?: string;
  description?: string;
  deprecated?: boolean;
  'x-deprecated-on'?: string;
  /** The earliest date of its removal. */
  'x-sunset-on'?: string;
  /** Whether only workers call it. */
  'x-internal'?: boolean;
  security?: Record<string, string[]>[];
  parameters?: Referable<Parameter>[];
  requestBody?: Referable<RequestBody>;
  responses: Record<string, Referable<Response>>;
  /** Names of the rate limits that count its requests. */
  'x-rate-limits'?: string[];
  /** Whether a POST without an idempotency key does the same when it is called again. */
  'x-repeatable'?: boolean;
  /** How many streams one key can have at once on one server. */
  'x-max-streams-per-key'?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  description?: string;
  required?: boolean;
  deprecated?: boolean;
  schema: Referable<Schema>;
  example?: unknown;
  examples?: Record<string, Referable<Example>>;
  /** The error code of a value that the schema does not allow. */
  'x-invalid-value-code'?: string;
}

export interface RequestBody {
  description?: string;
  required?: boolean;
  content: Record<string, MediaType>;
}

export interface Response {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, MediaType>;
}

export interface MediaType {
  schema?: Referable<Schema>;
  example?: unknown;
  examples?: Record<string, Referable<Example>>;
  encoding?: Record<string, { contentType?: string }>;
}

export interface Example {
  summary?: string;
  value?: unknown;
  externalValue?: string;
}

export interface Schema {
  type?: string | string[];
  description?: string;
  title?: string;
  format?: string;
  const?: Constant;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  maxProperties?: number;
  pattern?: string;
  enum?: Constant[];
  /** The known values of a set that may grow. */
  'x-extensible-enum'?: string[];
  properties?: Record<string, Referable<Schema>>;
  propertyNames?: Schema;
  additionalProperties?: Referable<Schema> | boolean;
  required?: string[];
  items?: Referable<Schema>;
  not?: Schema;
  oneOf?: Referable<Schema>[];
  anyOf?: Referable<Schema>[];
  allOf?: Referable<Schema>[];
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  deprecated?: boolean;
  /** The expected value in words, where the keywords do not give them. */
  'x-expected'?: string;
  'x-media-path'?: string;
  'x-max-json-bytes'?: number;
  /** The table of error codes. */
  'x-errors'?: Record<string, ErrorEntry>;
  /** The text of each failure code. */
  'x-failures'?: Record<string, string>;
  /** The text of each reason of a session's events. */
  'x-reasons'?: Record<string, string>;
  'x-lifecycle'?: { live: string[]; terminal: string[]; transitions: Record<string, unknown> };
  [keyword: string]: unknown;
}

type Constant = string | number | boolean | null;

export interface ErrorEntry {
  status: number;
  type: string;
  title: string;
  /** Templates by situation, with parameters as `{name}`. The first is the usual one. */
  messages: Record<string, string>;
  /** The situations that only workers can get into. */
  'x-internal-messages'?: string[];
  /** A value for each parameter. */
  sample?: Record<string, string | number>;
  cause: string;
  action: string;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/**
 * Follows a local reference of the document (`#/components/…`), or returns the object as it is.
 *
 * @throws {Error} when the document has no such component
 */
export function resolve<T extends object>(document: OpenApiDocument, node: Referable<T>): T {
  if (!('$ref' in node) || typeof node.$ref !== 'string') return node as T;
  const target = node.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (at, key) =>
        (at as Record<string, unknown> | undefined)?.[
          decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')
        ],
      document,
    );
  if (target === undefined) throw new Error(`The document has no ${node.$ref}`);
  return resolve(document, target as Referable<T>);
}

/** Returns a schema with the keywords next to a reference taking precedence over those of its target. */
export function mergedSchema(document: OpenApiDocument, node: Referable<Schema>): Schema {
  return { ...resolve<Schema>(document, node), ...('$ref' in node ? { ...node, $ref: undefined } : node) };
}

/** Returns the values of an `enum` or `x-extensible-enum`; undefined for other schemas. */
export function valuesOf(schema: Schema | undefined): Schema['enum'] {
  return schema?.enum ?? schema?.['x-extensible-enum'];
}

/** Returns the address of a server with the defaults of its variables. */
export function serverUrl({ url, variables = {} }: Server): string {
  return url.replaceAll(/\{(\w+)\}/g, (braces, name: string) => variables[name]?.default ?? braces);
}

/** An operation with its method, path and all parameters. */
export interface Operation {
  path: string;
  method: Method;
  object: OperationObject;
  parameters: Parameter[];
}

/** Returns every operation, in the order of the document. */
export function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const object = item[method];
      if (object === undefined) return [];
      const parameters = [...(item.parameters ?? []), ...(object.parameters ?? [])].map((parameter) =>
        resolve(document, parameter),
      );
      return [{ path, method, object, parameters }];
    }),
  );
}

/** Returns the document for customers, without internal operations. */
export function publicDocument(): OpenApiDocument {
  const path = createRequire(import.meta.url).resolve('@greenroom/contract/openapi.public.json');
  return JSON.parse(readFileSync(path, 'utf8')) as OpenApiDocument;
}

/** Returns the examples of a body with their names. */
export function examplesOf(
  document: OpenApiDocument,
  media: MediaType | undefined,
): { name: string; summary: string; value: unknown }[] {
  return Object.entries(media?.examples ?? {}).map(([name, node]) => {
    const { summary = name, value } = resolve<Example>(document, node);
    return { name, summary, value };
  });
}
