import { type OperationId, operationTable } from '@greenroom/contract';
import type { RequestHandler } from 'express';

import { formBody } from './form-body.ts';
import { jsonBody } from './json-body.ts';

/** Returns the step that reads the body of an operation within `timeoutMs`. */
export function requestBody(id: OperationId, timeoutMs: number): RequestHandler {
  const accepted = operationTable[id].requestContentTypes.join();
  switch (accepted) {
    case 'application/json':
      return jsonBody(id, timeoutMs);
    case 'multipart/form-data':
      return formBody(id, timeoutMs);
    default:
      throw new Error(`${id}: no reader for ${accepted}`);
  }
}
