import {
  resolve,
  type MediaType,
  type Method,
  type OpenApiDocument,
  type Operation,
  type Schema,
} from '@greenroom/contract/document';

import { exampleResponse, type ExampleResponse } from './example-response.ts';
import { bodyExample, parameterExample, requiredParameterExample } from './example-values.ts';

/** A request of an operation, built from the document's examples. Each sample writes it in one language. */
export interface ExampleRequest {
  operationId: string;
  method: Method;
  /** As in the document, with its parameters in braces. */
  pathTemplate: string;
  path: ExampleParameter[];
  /** The required parameters, and the first optional one if it has an example. */
  query: ExampleParameter[];
  /** Required headers, except those of the body and of authentication. */
  headers: ExampleParameter[];
  /** Whether the operation takes an `Idempotency-Key`. */
  idempotencyKey: boolean;
  /** Whether the operation needs a key. */
  authenticated: boolean;
  body: ExampleBody | null;
  response: ExampleResponse;
}

export interface ExampleParameter {
  name: string;
  value: unknown;
}

export type ExampleBody = { kind: 'json'; value: unknown } | { kind: 'form'; fields: FormField[] };

export type FormField = { name: string } & ({ value: string } | { file: string });

const IDEMPOTENCY_KEY = 'Idempotency-Key';

export function exampleRequest(document: OpenApiDocument, operation: Operation): ExampleRequest {
  const { object, method, path, parameters } = operation;
  const required = (location: string) =>
    parameters
      .filter((parameter) => parameter.in === location && parameter.required === true)
      .map((parameter) => ({
        name: parameter.name,
        value: requiredParameterExample(document, parameter),
      }));
  return {
    operationId: object.operationId,
    method,
    pathTemplate: path,
    path: required('path'),
    query: [...required('query'), ...firstOptional(document, operation)],
    headers: required('header').filter(({ name }) => name !== IDEMPOTENCY_KEY),
    idempotencyKey: parameters.some(({ name }) => name === IDEMPOTENCY_KEY),
    authenticated: (object.security ?? []).some((schemes) => Object.keys(schemes).length > 0),
    body: object.requestBody ? exampleBody(document, resolve(document, object.requestBody).content) : null,
    response: exampleResponse(document, operation),
  };
}

/** Returns the path with its parameters filled in, encoded for a URL. */
export function examplePath({ pathTemplate, path }: ExampleRequest): string {
  return path.reduce(
    (filled, { name, value }) => filled.replace(`{${name}}`, encoded(String(value))),
    pathTemplate,
  );
}

/** Returns path and query, to append to the address of a server. */
export function exampleTarget(request: ExampleRequest): string {
  const query = request.query.flatMap(({ name, value }) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${encoded(name)}=${encoded(String(one))}`),
  );
  return examplePath(request) + (query.length > 0 ? `?${query.join('&')}` : '');
}

/** Returns the first optional parameter, if it has an example. More would hide the required ones. */
function firstOptional(document: OpenApiDocument, { parameters }: Operation): ExampleParameter[] {
  const first = parameters.find((parameter) => parameter.in === 'query' && parameter.required !== true);
  const value = first && parameterExample(document, first);
  return first === undefined || value === undefined ? [] : [{ name: first.name, value }];
}

function exampleBody(document: OpenApiDocument, content: Record<string, MediaType>): ExampleBody {
  const [mediaType = 'unknown', media = {}] = Object.entries(content)[0] ?? [];
  if (mediaType === 'application/json') return { kind: 'json', value: bodyExample(document, media) };
  if (mediaType === 'multipart/form-data') return { kind: 'form', fields: formFields(document, media) };
  throw new Error(`Samples do not support bodies of type ${mediaType}.`);
}

function formFields(document: OpenApiDocument, media: MediaType): FormField[] {
  const schema: Schema = media.schema ? resolve(document, media.schema) : {};
  const example = bodyExample(document, media) as Record<string, unknown>;
  return Object.entries(example).map(([name, value]) => {
    const property = schema.properties?.[name];
    const isFile = property !== undefined && resolve(document, property).format === 'binary';
    return isFile ? { name, file: fileName(name, String(value), media) } : { name, value: String(value) };
  });
}

/** Returns the file name in the example, or one from the field and its first content type. */
function fileName(field: string, example: string, media: MediaType): string {
  const mentioned = /[\w-]+\.[a-z0-9]+\b/i.exec(example)?.[0];
  const subtype = /\/([a-z0-9]+)/.exec(media.encoding?.[field]?.contentType ?? '')?.[1];
  return mentioned ?? `${field}.${subtype ?? 'bin'}`;
}

/** Percent-encodes the characters that URLs or quoted strings of the languages do not allow. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
