import { operationTable, type OperationId } from '@greenroom/contract';
import type { Response, Schema } from '@greenroom/contract/document';

import type { HandlerResponse } from '../../contract/responses.ts';
import { document, merged, resolved } from '../../document/document.ts';

/** The content type of responses that the validator checks. */
export const JSON_TYPE = 'application/json';
/** The statuses that have no body. */
const BODILESS = [204, 304];

type Declared = Readonly<Record<string, { contentTypes: readonly string[] } | undefined>>;

/**
 * Returns the content type of a response; null if it has no body. Checks what the validator does not see: bytes, and
 * a missing body.
 *
 * @throws if the document does not declare such a response
 */
export function declaredContentType(id: OperationId, { status, body }: HandlerResponse): string | null {
  const declared: Declared = operationTable[id].responses;
  const type = declared[status]?.contentTypes[0];
  if (body === undefined) {
    if (BODILESS.includes(status) && status in declared && type === undefined) return null;
    throw new Error(`${id} returned ${status} without the body that the document declares`);
  }
  // The validator checks JSON, and rejects an undeclared status.
  if (type === undefined || type === JSON_TYPE) return JSON_TYPE;
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
  return merged((response && resolved<Response>(response).content?.[type]?.schema) ?? {});
}
