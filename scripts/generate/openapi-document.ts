/** The parts of an OpenAPI 3.1 bundle that the generator reads. References are local. */
export interface OpenApiDocument {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, OperationObject>>;
  components: {
    schemas: Record<string, SchemaObject>;
    parameters?: Record<string, ParameterObject>;
    responses?: Record<string, ResponseObject>;
    requestBodies?: Record<string, RequestBodyObject>;
    [section: string]: unknown;
  };
}

export interface ReferenceObject {
  $ref: string;
}

export interface OperationObject {
  operationId: string;
  'x-internal'?: boolean;
  'x-rate-limits'?: string[];
  'x-deprecated-on'?: string;
  'x-sunset-on'?: string;
  security?: Record<string, string[]>[];
  parameters?: (ParameterObject | ReferenceObject)[];
  requestBody?: RequestBodyObject | ReferenceObject;
  responses: Record<string, ResponseObject | ReferenceObject>;
}

export interface ParameterObject {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  'x-invalid-value-code'?: string;
  schema: SchemaObject | ReferenceObject;
}

export interface RequestBodyObject {
  content: Record<string, unknown>;
}

export interface ResponseObject {
  content?: Record<string, { schema?: SchemaObject | ReferenceObject; examples?: Record<string, unknown> }>;
}

export interface SchemaObject {
  type?: string | string[];
  enum?: (string | null)[];
  properties?: Record<string, SchemaObject | ReferenceObject>;
  'x-errors'?: Record<string, ErrorEntry>;
  'x-failures'?: Record<string, string>;
  'x-lifecycle'?: { live: string[]; terminal: string[]; transitions: Record<string, unknown> };
  [keyword: string]: unknown;
}

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

/** Follows a local reference of the document (`#/components/…`), or returns the object as it is. */
export function resolve<T extends object>(document: OpenApiDocument, node: T | ReferenceObject): T {
  if (!('$ref' in node) || typeof node.$ref !== 'string') return node as T;
  const target = node.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[decodeURIComponent(key)], document);
  if (target === undefined) throw new Error(`The bundle has no ${node.$ref}`);
  return resolve(document, target as T | ReferenceObject);
}

/** Every operation of the document with its path and method, in the document's order. */
export function operationsOf(document: OpenApiDocument) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      const shared = (item as unknown as OperationObject).parameters ?? [];
      const parameters = [...shared, ...(operation.parameters ?? [])].map((parameter) =>
        resolve<ParameterObject>(document, parameter),
      );
      return [{ path, method, operation, parameters }];
    }),
  );
}
