import type { OperationId } from '@greenroom/contract';
import { operationTable } from '@greenroom/contract';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { formBody } from './form-body.ts';
import { jsonBody } from './json-body.ts';

/** Reads the body of an operation as the document says that it is written. */
export function requestBody(id: OperationId): RequestHandler[] {
  const accepted = operationTable[id].requestContentTypes.join();
  switch (accepted) {
    case '':
      return [ignoreBody];
    case 'application/json':
      return jsonBody(id);
    case 'multipart/form-data':
      return [formBody(id)];
    default:
      throw new Error(`${id}: no reader for ${accepted}`);
  }
}

/** See requireMediaType for what the header would do. */
function ignoreBody(request: Request, _response: Response, next: NextFunction): void {
  delete request.headers['content-type'];
  next();
}
