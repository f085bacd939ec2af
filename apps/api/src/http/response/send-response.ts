import type { Request, Response } from 'express';

import { absoluteUrl } from '../../common/absolute-url.ts';
import type { HandlerResponse, StreamBody } from '../../contract/responses.ts';
import type { ApiError } from '../../errors/api-error.ts';
import { JSON_TYPE } from './declared-response.ts';

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
  context.idle(() => write(response)).catch(() => response.destroy());
}

/** Sends an error. `pagePath` is the page that explains its code; null if there is none. */
export function sendError(
  request: Request,
  response: Response,
  error: ApiError,
  pagePath: string | null,
): void {
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  const page = pagePath === null ? null : absoluteUrl(request, pagePath);
  // RFC 8288.
  if (page !== null) response.setHeader('Link', `<${page}>; rel="help"`);
  response.statusCode = error.status;
  request.context.errorCode = error.code;
  write(response, JSON.stringify(error.envelope(request.context.id, page)), JSON_UTF8);
}
