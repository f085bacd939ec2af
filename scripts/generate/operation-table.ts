import {
  operationsOf,
  resolve,
  type OpenApiDocument,
  type OperationObject,
  type RequestBodyObject,
  type ResponseObject,
  type SchemaObject,
} from './openapi-document.ts';

/** Returns the table of the server: everything about an operation that code reads at run time. */
export function operationsModule(document: OpenApiDocument): string {
  const table = Object.fromEntries(
    operationsOf(document).map(({ path, method, operation, parameters }) => {
      const named = (place: string) =>
        Object.fromEntries(
          parameters
            .filter((parameter) => parameter.in === place)
            .map((parameter) => [
              parameter.name,
              {
                default: resolve<SchemaObject>(document, parameter.schema)['default'] ?? null,
                invalidValueCode: parameter['x-invalid-value-code'] ?? null,
              },
            ]),
        );
      const body = operation.requestBody && resolve<RequestBodyObject>(document, operation.requestBody);
      return [
        operation.operationId,
        {
          method,
          path,
          internal: operation['x-internal'] === true,
          security: operation.security ?? [],
          rateLimits: operation['x-rate-limits'] ?? [],
          deprecation: deprecationOf(operation),
          parameters: { path: named('path'), query: named('query'), header: named('header') },
          requestContentTypes: Object.keys(body?.content ?? {}),
          responses: Object.fromEntries(
            Object.entries(operation.responses).map(([status, response]) => [
              status,
              responseOf(status, resolve<ResponseObject>(document, response)),
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
    operationsOf(document).map(({ path, method, operation, parameters }) => {
      const names = (place: string) =>
        parameters.filter((parameter) => parameter.in === place).map((parameter) => parameter.name);
      return [
        operation.operationId,
        {
          method,
          path,
          pathParameters: names('path'),
          queryParameters: names('query'),
          body: bodyKind(document, operation),
          idempotencyKey: names('header').includes('Idempotency-Key'),
          list: isPagedList(document, operation.responses),
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

function responseOf(status: string, response: ResponseObject) {
  return { contentTypes: Object.keys(response.content ?? {}), errorCodes: errorCodesOf(status, response) };
}

/** How the body of a request is written. */
function bodyKind(document: OpenApiDocument, { operationId, requestBody }: OperationObject) {
  if (requestBody === undefined) return null;
  const types = Object.keys(resolve<RequestBodyObject>(document, requestBody).content);
  if (types.join() === 'application/json') return 'json';
  if (types.join() === 'multipart/form-data') return 'form';
  throw new Error(
    `${operationId}: a client writes bodies as JSON or as a form, not as ${types.join(' or ')}`,
  );
}

/** An error response names the codes it can carry by the keys of its examples. */
function errorCodesOf(status: string, response: ResponseObject): string[] {
  if (status.startsWith('2')) return [];
  return Object.keys(response.content?.['application/json']?.examples ?? {});
}

function isPagedList(document: OpenApiDocument, responses: Record<string, unknown>): boolean {
  const ok = responses['200'] as ResponseObject | undefined;
  const media = ok && resolve<ResponseObject>(document, ok).content?.['application/json'];
  const schema = media?.schema && resolve<SchemaObject>(document, media.schema);
  return schema?.properties !== undefined && 'next_cursor' in schema.properties;
}
