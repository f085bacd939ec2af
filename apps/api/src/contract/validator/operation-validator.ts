import { operationTable, type OperationId } from '@greenroom/contract';
import type { Response as DeclaredResponse, Schema } from '@greenroom/contract/document';
import type { Request, Response } from 'express';
import type { OpenApiRequest } from 'express-openapi-validator/dist/framework/types.js';
import { RequestValidator, ResponseValidator } from 'express-openapi-validator/dist/middlewares/index.js';
import { SchemaPreprocessor } from 'express-openapi-validator/dist/middlewares/parsers/schema.preprocessor.js';
import { OpenApiValidator } from 'express-openapi-validator/dist/openapi.validator.js';

import { isDateTime } from '../../document/date-time.ts';
import { document, merged, resolved } from '../../document/document.ts';
import type { HandlerResponse } from '../responses.ts';
import { reducedDocument } from './reduced-document.ts';
import { strictParameters } from './strict-parameters.ts';
import { isValidatorError, validationError, type ValidatorError } from './validation-errors.ts';

/** The content type of responses that the library checks. */
export const JSON_TYPE = 'application/json';
/** The statuses that have no body. */
const BODILESS = [204, 304];
const EVENT_STREAM = 'text/event-stream';

/** Enforces the document on an operation. */
export interface OperationValidator {
  /**
   * Rejects query parameters that the library would accept or report wrongly.
   *
   * @throws {ApiError} when the document does not allow it
   */
  checkParameters(request: Request): void;
  /**
   * Checks a request, converts its parameters and sets defaults.
   *
   * @throws {ApiError} when the document does not allow it
   */
  checkRequest(request: Request, response: Response): Promise<void>;
  /**
   * Checks a response. Returns its content type; null if it has no body.
   *
   * @throws when the document does not declare it
   */
  checkResponse(request: Request, response: HandlerResponse): string | null;
}

/**
 * Returns the validator of an operation. The library is set up at the first request, since setting up all operations would
 * delay the start.
 */
export function operationValidator(id: OperationId): OperationValidator {
  let library: LibraryValidator | undefined;
  const setUp = () => (library ??= libraryValidator(id));
  const ignoresBody = operationTable[id].requestContentTypes.length === 0;
  return {
    checkParameters: strictParameters(id),
    async checkRequest(request, response) {
      // The library compiles a schema for each distinct value, which the caller chooses.
      if (ignoresBody) delete request.headers['content-type'];
      try {
        await setUp().checkRequest(request, response);
      } catch (error) {
        throw isRejection(error) ? validationError(error, id, request) : error;
      }
    },
    checkResponse(request, response) {
      const contentType = contentTypeOf(id, response);
      if (contentType === JSON_TYPE) setUp().checkJson(request, response);
      return contentType;
    },
  };
}

/** Returns whether the library rejected a request. A missing route is a bug: the library and our router disagree. */
function isRejection(error: unknown): error is ValidatorError {
  return isValidatorError(error) && error.status < 500 && error.status !== 404 && error.status !== 405;
}

type Declared = Readonly<Record<string, { contentTypes: readonly string[] } | undefined>>;

/**
 * Returns the content type of a response; null if it has no body. Also checks bytes and a missing body, which the
 * library does not.
 *
 * @throws if the document does not declare such a response
 */
function contentTypeOf(id: OperationId, { status, body }: HandlerResponse): string | null {
  const declared: Declared = operationTable[id].responses;
  const type = declared[status]?.contentTypes[0];
  if (body === undefined) {
    if (BODILESS.includes(status) && status in declared && type === undefined) return null;
    throw new Error(`${id} returned ${status} without the body that the document declares`);
  }
  // The library checks JSON, and rejects an undeclared status.
  if (type === undefined || type === JSON_TYPE) return JSON_TYPE;
  // A stream checks its own events.
  if (type === EVENT_STREAM && typeof body === 'function') return type;
  if (!(body instanceof Uint8Array)) throw new Error(`${id} returned ${status} without bytes of ${type}`);
  const { minLength = 0, maxLength = Infinity } = bytesSchema(id, status, type);
  if (body.byteLength < minLength || body.byteLength > maxLength) {
    throw new Error(`${id} returned ${status} with ${body.byteLength} bytes of ${type}`);
  }
  return type;
}

function bytesSchema(id: OperationId, status: number, type: string): Schema {
  const { path, method } = operationTable[id];
  const response = document.paths[path]?.[method]?.responses[status];
  return merged((response && resolved<DeclaredResponse>(response).content?.[type]?.schema) ?? {});
}

/** The checks of the library. */
interface LibraryValidator {
  /** @throws {ValidatorError} when the document does not allow the request */
  checkRequest(request: Request, response: Response): Promise<void>;
  /** @throws {ValidatorError} when the document does not declare the response */
  checkJson(request: Request, response: HandlerResponse): void;
}

function libraryValidator(id: OperationId): LibraryValidator {
  const reduced = reducedDocument(id) as Document;
  // Completes the options for the other parts.
  const { options, ajvOpts } = new OpenApiValidator({
    apiSpec: reduced,
    validateApiSpec: false,
    validateRequests: { allErrors: false, discriminator: true },
    validateResponses: true,
    ajvFormats: { mode: 'full' },
    formats: { 'date-time': isDateTime },
  });
  const responseOptions = options.validateResponses as ResponseOptions;
  const processed = new SchemaPreprocessor(reduced, ajvOpts.preprocessor, responseOptions).preProcess();
  trustStoredData(processed.apiDocRes);
  const requests = new RequestValidator(processed.apiDoc, ajvOpts.request);
  const responses = new ResponseValidator(processed.apiDocRes, ajvOpts.response, responseOptions);
  const route = routeOf(id, processed.apiDoc);
  const { responses: declared } = routeOf(id, processed.apiDocRes).schema;
  let validators: Validators | undefined;
  return {
    async checkRequest(request, response) {
      const check: { hasPassed: boolean } = { hasPassed: false };
      setRoute(request, route);
      await requests.validate(request, response, () => {
        check.hasPassed = true;
      });
      if (!check.hasPassed) throw new Error(`The request of ${id} was not checked`);
    },
    checkJson(request, { status, body }) {
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
 * Removes the schemas of customers' own data from a document. The data was checked on arrival; checking a page of it
 * again would block the event loop for 30 ms.
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
