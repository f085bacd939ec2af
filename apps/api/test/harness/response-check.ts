import { Validator, type Schema as JsonSchema } from '@cfworker/json-schema';
import { operationTable, type OperationId } from '@greenroom/contract';
import type { Referable, Response as DeclaredResponse, Schema } from '@greenroom/contract/document';

import { document, resolved } from '../../src/document/document.ts';
import { announcesLimits } from './rate-limit.ts';

/**
 * Checks a response against the document with a validator that is not the server's: declared status, schema, media type,
 * declared error codes, and in every response the request id and the rate limits.
 */
export async function checkResponse(method: string, url: URL, response: Response): Promise<void> {
  const where = `${method} ${url.pathname} → ${response.status}`;
  const requestId = response.headers.get('x-request-id');
  if (!/^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(requestId ?? '')) {
    throw new Error(`${where}: X-Request-Id is ${requestId}`);
  }
  if (!announcesLimits(response.headers)) throw new Error(`${where}: the rate limits are not announced`);
  if (response.status >= 300 && response.status < 400 && response.status !== 304) {
    throw new Error(`${where}: no redirect is declared`);
  }

  const id = operationOf(method, url.pathname);
  const declared = id === null ? undefined : responsesOf(id)[response.status];
  if (id !== null && response.status !== 405 && declared === undefined) {
    throw new Error(`${where}: ${id} does not declare this status`);
  }
  if (response.status === 204 || response.status === 304 || method === 'HEAD') return;

  const contentType = response.headers.get('content-type');
  // A stream has no end, and its own tests check its events.
  if (response.ok && contentType === 'text/event-stream') return;
  const bytes = declared?.content?.[contentType ?? '']?.schema;
  if (bytes !== undefined && contentType !== 'application/json') {
    const { byteLength } = await response.clone().arrayBuffer();
    const { minLength = 0, maxLength = Infinity } = resolved<Schema>(bytes);
    if (byteLength < minLength || byteLength > maxLength) throw new Error(`${where}: ${byteLength} bytes`);
    return;
  }
  if (!contentType?.startsWith('application/json')) {
    throw new Error(`${where}: content type is ${contentType}`);
  }
  const body = JSON.parse(await response.clone().text()) as { error: { code: string; request_id: string } };
  const schema = declared?.content?.['application/json']?.schema ?? {
    $ref: '#/components/schemas/ApiErrorEnvelope',
  };
  const { valid, errors } = validatorFor(schema).validate(body);
  if (!valid) {
    throw new Error(
      `${where}: ${errors.map((error) => `${error.instanceLocation} ${error.error}`).join('; ')}`,
    );
  }
  if (response.ok) return;

  if (body.error.request_id !== requestId) throw new Error(`${where}: request_id is not X-Request-Id`);
  if (id !== null && declared !== undefined && !codesOf(id, response.status).includes(body.error.code)) {
    throw new Error(`${where}: ${id} does not declare ${body.error.code}`);
  }
}

/** Returns the operation of a method and a path, by the document's templates. */
export function operationOf(method: string, path: string): OperationId | null {
  if (!isDecodable(path)) return null;
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const matches = (Object.keys(operationTable) as OperationId[]).filter((id) => {
    const pattern = operationTable[id].path.replaceAll(/\{\w+\}/g, '[^/]+');
    return operationTable[id].method === verb && new RegExp(`^${pattern}$`).test(path);
  });
  return matches[0] ?? null;
}

/** Returns whether a path can be decoded. Other paths belong to no operation. */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function responsesOf(id: OperationId): Record<number, DeclaredResponse> {
  const { path, method } = operationTable[id];
  const responses = document.paths[path]?.[method]?.responses ?? {};
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      Number(status),
      resolved<DeclaredResponse>(response),
    ]),
  );
}

function codesOf(id: OperationId, status: number): readonly string[] {
  const responses: Record<string, { errorCodes: readonly string[] }> = operationTable[id].responses;
  return responses[status]?.errorCodes ?? [];
}

const validators = new Map<string, Validator>();

function validatorFor(schema: Referable<Schema>): Validator {
  const key = JSON.stringify(schema);
  const known = validators.get(key);
  if (known !== undefined) return known;
  const { schemas } = document.components;
  const root = { ...schema, components: { schemas } } as JsonSchema;
  const validator = new Validator(root, '2020-12', false);
  validators.set(key, validator);
  return validator;
}
