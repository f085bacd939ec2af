import {
  operationsOf,
  resolve,
  type OpenApiDocument,
  type OperationObject,
  type RequestBody,
  type Response,
  type Schema,
} from '@greenroom/contract/document';

/** Returns the table of the server: everything about an operation that code reads at run time. */
export function operationsModule(document: OpenApiDocument): string {
  const table = Object.fromEntries(
    operationsOf(document).map(({ path, method, object, parameters }) => {
      const named = (location: string) =>
        Object.fromEntries(
          parameters
            .filter((parameter) => parameter.in === location)
            .map((parameter) => [
              parameter.name,
              {
                default: resolve<Schema>(document, parameter.schema)['default'] ?? null,
                invalidValueCode: parameter['x-invalid-value-code'] ?? null,
              },
            ]),
        );
      const body = object.requestBody && resolve<RequestBody>(document, object.requestBody);
      return [
        object.operationId,
        {
          method,
          path,
          internal: object['x-internal'] === true,
          security: object.security ?? [],
          rateLimits: object['x-rate-limits'] ?? [],
          deprecation: deprecationOf(object),
          parameters: { path: named('path'), query: named('query'), header: named('header') },
          requestContentTypes: Object.keys(body?.content ?? {}),
          responses: Object.fromEntries(
            Object.entries(object.responses).map(([status, response]) => [
              status,
              responseOf(status, resolve<Response>(document, response)),
            ]),
          ),
        },
      ];
    }),
  );
  return [
    `export const operationTable = ${JSON.stringify(table)} as const;`,
    'export type OperationId = keyof typeof operationTable;',
  ].join('\n\n');
}

/** Returns the table of the client: the minimum for the methods, because it is shipped to browsers. */
export function publicOperationsModule(document: OpenApiDocument): string {
  const table = Object.fromEntries(
    operationsOf(document).map(({ path, method, object, parameters }) => {
      const names = (location: string) =>
        parameters.filter((parameter) => parameter.in === location).map((parameter) => parameter.name);
      return [
        object.operationId,
        {
          method,
          path,
          pathParameters: names('path'),
          query: names('query').length > 0,
          body: bodyKind(document, object),
          idempotencyKey: names('header').includes('Idempotency-Key'),
          list: isPagedList(document, object.responses),
          ...(isBinary(document, object.responses) && { binary: true }),
          ...(isStream(document, object.responses) && { stream: true }),
        },
      ];
    }),
  );
  return [
    `export const operationTable = ${JSON.stringify(table)} as const;`,
    'export type OperationId = keyof typeof operationTable;',
  ].join('\n\n');
}

/** The lint rule `deprecations` demands both dates of a deprecated operation. */
function deprecationOf(operation: OperationObject) {
  const { 'x-deprecated-on': deprecatedOn, 'x-sunset-on': sunsetOn } = operation;
  return deprecatedOn === undefined || sunsetOn === undefined ? null : { deprecatedOn, sunsetOn };
}

function responseOf(status: string, response: Response) {
  return { contentTypes: Object.keys(response.content ?? {}), errorCodes: errorCodesOf(status, response) };
}

/** Returns the format of a request's body, or null without one. */
function bodyKind(document: OpenApiDocument, { operationId, requestBody }: OperationObject) {
  if (requestBody === undefined) return null;
  const types = Object.keys(resolve<RequestBody>(document, requestBody).content);
  if (types.join() === 'application/json') return 'json';
  if (types.join() === 'multipart/form-data') return 'form';
  throw new Error(
    `${operationId}: a client writes bodies as JSON or as a form, not as ${types.join(' or ')}`,
  );
}

/** Returns the codes of an error response, which are the keys of its examples. */
function errorCodesOf(status: string, response: Response): string[] {
  if (status.startsWith('2')) return [];
  return Object.keys(response.content?.['application/json']?.examples ?? {});
}

function isBinary(document: OpenApiDocument, responses: Record<string, unknown>): boolean {
  return mediaTypesOf(document, responses).some((type) => !['application/json', EVENT_STREAM].includes(type));
}

function isStream(document: OpenApiDocument, responses: Record<string, unknown>): boolean {
  return mediaTypesOf(document, responses).includes(EVENT_STREAM);
}

const EVENT_STREAM = 'text/event-stream';

function mediaTypesOf(document: OpenApiDocument, responses: Record<string, unknown>): string[] {
  const ok = responses['200'] as Response | undefined;
  return Object.keys((ok && resolve<Response>(document, ok).content) ?? {});
}

function isPagedList(document: OpenApiDocument, responses: Record<string, unknown>): boolean {
  const ok = responses['200'] as Response | undefined;
  const media = ok && resolve<Response>(document, ok).content?.['application/json'];
  const schema = media?.schema && resolve<Schema>(document, media.schema);
  return schema?.properties !== undefined && 'next_cursor' in schema.properties;
}
