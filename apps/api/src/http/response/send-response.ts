import type { Response } from 'express';

import type { HandlerResponse, StreamBody } from '../../contract/responses.ts';
import { JSON_TYPE } from '../../contract/validator/operation-validator.ts';

const JSON_UTF8 = `${JSON_TYPE}; charset=utf-8`;

/**
 * Sends what a handler returned, after it was checked. Express's `response.json` would spend more time on content
 * negotiation and an ETag than the rest of a request takes.
 */
export function sendResponse(
  response: Response,
  { status, headers = {}, body }: HandlerResponse,
  contentType: string | null,
): void {
  // Throws for a value that is not JSON, so it comes before the headers.
  const content = body instanceof Uint8Array ? body : JSON.stringify(body);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (contentType === null) response.end();
  else if (typeof body === 'function') writeStream(response, body as StreamBody, contentType);
  else write(response, content, contentType === JSON_TYPE ? JSON_UTF8 : contentType);
}

/** Sends JSON with the status and the headers that the response has. */
export function sendJson(response: Response, body: object): void {
  write(response, JSON.stringify(body), JSON_UTF8);
}

function write(response: Response, content: string | Uint8Array, contentType: string): void {
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', Buffer.byteLength(content));
  response.end(content);
}

/** Begins a stream. It takes no capacity of the process, like a request that waits. */
function writeStream(response: Response, write: StreamBody, contentType: string): void {
  response.setHeader('Content-Type', contentType);
  response.setHeader('Cache-Control', 'no-store, no-transform');
  // nginx would collect the response before it passes it on.
  response.setHeader('X-Accel-Buffering', 'no');
  const { context } = response.req;
  if (context.isHead) response.end();
  else response.flushHeaders();
  context.withoutCapacity(() => write(response)).catch(() => response.destroy());
}
