import { operationTable, type OperationId } from '@greenroom/contract';
import type { OpenApiValidator } from 'express-openapi-validator/dist/openapi.validator.js';

import { documentOf } from '../../document/document.ts';

/** What the validator works from: a document and the routes in it. */
export type Specification = Awaited<Parameters<OpenApiValidator['installMiddleware']>[0]>;

/**
 * The document of one operation, as the validator's own loader would hand it over. That loader compiles
 * OpenAPI's meta-schema for each document, to be validated or not, which for a document to each operation was most
 * of the time between start and first answer; this document is checked where it is written.
 */
export function specificationOf(id: OperationId): Specification {
  const { method, path, parameters } = operationTable[id];
  return {
    apiDoc: documentOf(id) as unknown as Specification['apiDoc'],
    basePaths: [''],
    routes: [
      {
        basePath: '',
        openApiRoute: path,
        expressRoute: path.replaceAll(/\{(\w+)\}/g, ':$1'),
        method: method.toUpperCase(),
        pathParams: Object.keys(parameters.path),
      },
    ],
    serial: 0,
  };
}
