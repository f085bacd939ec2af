import { operationTable, type OperationId } from '@greenroom/contract';
import type { Request, Response } from 'express';
import type { OpenApiRequest } from 'express-openapi-validator/dist/framework/types.js';
import { RequestValidator, ResponseValidator } from 'express-openapi-validator/dist/middlewares/index.js';
import { SchemaPreprocessor } from 'express-openapi-validator/dist/middlewares/parsers/schema.preprocessor.js';
import { OpenApiValidator } from 'express-openapi-validator/dist/openapi.validator.js';

import { isDateTime } from '../../document/date-time.ts';
import { documentOf } from '../../document/document.ts';
import type { HandlerResponse } from '../responses.ts';

/** Enforces the document on an operation. */
export interface OperationValidator {
  /**
   * Checks a request, converts its parameters and sets defaults.
   *
   * @throws {ValidatorError} when the document does not allow it
   */
  checkRequest(request: Request, response: Response): Promise<void>;
  /**
   * Checks a response with a JSON body.
   *
   * @throws {ValidatorError} when the document does not declare it
   */
  checkResponse(request: Request, response: HandlerResponse): void;
}

/**
 * Returns a function that returns the validator of an operation. It is set up at the first request, since setting up all
 * of them would delay the start.
 */
export function operationValidator(id: OperationId): () => OperationValidator {
  let validator: OperationValidator | undefined;
  return () => (validator ??= newValidator(id));
}

function newValidator(id: OperationId): OperationValidator {
  const document = documentOf(id) as Document;
  // Completes the options, which the other parts take.
  const { options, ajvOpts } = new OpenApiValidator({
    apiSpec: document,
    validateApiSpec: false,
    validateRequests: { allErrors: false, discriminator: true },
    validateResponses: true,
    ajvFormats: { mode: 'full' },
    formats: { 'date-time': isDateTime },
  });
  const responseOptions = options.validateResponses as ResponseOptions;
  const processed = new SchemaPreprocessor(document, ajvOpts.preprocessor, responseOptions).preProcess();
  trustStoredData(processed.apiDocRes);
  const requests = new RequestValidator(processed.apiDoc, ajvOpts.request);
  const responses = new ResponseValidator(processed.apiDocRes, ajvOpts.response, responseOptions);
  const route = routeOf(id, processed.apiDoc);
  const ignoresBody = operationTable[id].requestContentTypes.length === 0;
  const { responses: declared } = routeOf(id, processed.apiDocRes).schema;
  let validators: Validators | undefined;
  return {
    async checkRequest(request, response) {
      const check: { hasPassed: boolean } = { hasPassed: false };
      // The validator compiles a schema for each distinct value, which the caller chooses.
      if (ignoresBody) delete request.headers['content-type'];
      setRoute(request, route);
      await requests.validate(request, response, () => {
        check.hasPassed = true;
      });
      if (!check.hasPassed) throw new Error(`The request of ${id} was not checked`);
    },
    checkResponse(request, { status, body }) {
      validators ??= responses._getOrBuildValidator(request, declared ?? {});
      responses._validate({
        validators,
        body: body as object,
        statusCode: status,
        path: request.originalUrl,
        accepts: [],
      });
    },
  };
}

/**
 * Removes from a document what it says of the entries of customers' own data. These were checked when they came; to check a
 * page of them again would block the event loop for 30 ms.
 */
function trustStoredData(node: unknown, visited = new Set<unknown>()): void {
  if (typeof node !== 'object' || node === null || visited.has(node)) return;
  visited.add(node);
  if ('x-max-json-bytes' in node) {
    Object.assign(node, { propertyNames: true, additionalProperties: true });
  }
  for (const child of Object.values(node)) trustStoredData(child, visited);
}

type Document = ConstructorParameters<typeof RequestValidator>[0];
type ResponseOptions = ConstructorParameters<typeof SchemaPreprocessor>[2];
type Validators = ReturnType<ResponseValidator['_getOrBuildValidator']>;
type Metadata = NonNullable<OpenApiRequest['openapi']>;
type Route = Omit<Metadata, 'pathParams'>;

/** Returns the operation as the validator's route look-up would find it, by trying the pattern of each path. */
function routeOf(id: OperationId, { paths }: Document): Route {
  const { method, path } = operationTable[id];
  const schema = paths?.[path]?.[method];
  if (schema === undefined) throw new Error(`The validator's document has no ${id}`);
  return { expressRoute: path, openApiRoute: path, schema, serial: 0 };
}

function setRoute(request: OpenApiRequest, route: Route): void {
  request.openapi = { ...route, pathParams: request.params as Metadata['pathParams'] };
}
