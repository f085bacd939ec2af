import { operationTable, type OperationId } from '@greenroom/contract';

import type { Answer } from './send-response.ts';
import { document, resolved, type SchemaObject } from '../../document/document.ts';

type Declared = Readonly<Record<string, { contentTypes: readonly string[] } | undefined>>;

/**
 * The content type of an answer, null for one without a body. The validator sees what is JSON; what is not is held
 * against the document here.
 *
 * @throws where the document does not declare such an answer
 */
export function requireDeclared(id: OperationId, { status, body }: Answer): string | null {
  const declared: Declared = operationTable[id].responses;
  const type = declared[status]?.contentTypes[0];
  if (body === undefined) {
    if (status === 204 && status in declared && type === undefined) return null;
    throw new Error(`${id} answered ${status} without the body that the document declares`);
  }
  // Whatever the body is, the validator decides, an undeclared status included.
  if (type === undefined || type === 'application/json') return 'application/json';
  if (!(body instanceof Uint8Array)) throw new Error(`${id} answered ${status} with no bytes of ${type}`);
  const { minLength = 0, maxLength = Infinity } = bytesSchema(id, status, type);
  if (body.byteLength < minLength || body.byteLength > maxLength) {
    throw new Error(`${id} answered ${status} with ${body.byteLength} bytes of ${type}`);
  }
  return type;
}

function bytesSchema(id: OperationId, status: number, type: string): SchemaObject {
  const { path, method } = operationTable[id];
  const response = resolved(document.paths[path]?.[method]?.responses[status] ?? {}) as {
    content?: Record<string, { schema?: object }>;
  };
  return resolved(response.content?.[type]?.schema ?? {});
}
