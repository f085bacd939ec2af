import type { Request, Response } from 'express';

import type { HandlerResponse, StreamBody } from '../../contract/responses.ts';
import { errorPagePath } from '../../docs-site/error-pages.ts';
import type { ApiError } from '../../errors/api-error.ts';
import { absoluteUrl } from '../absolute-url.ts';

/**
 * Writes JSON in one piece. Replaces Express's `response.json`, which spends more time on content negotiation and an
 * ETag than the rest of a request takes. The validator checks the body before it calls this.
 */
export function writeJson(this: Response, body: unknown): Response {
  const text = JSON.stringify(body);
  this.setHeader('Content-Type', 'application/json; charset=utf-8');
  this.setHeader('Content-Length', Buffer.byteLength(text));
  this.end(text);
  return this;
}

/**
 * Sends what a handler returned. JSON goes through `response.json`, where the validator checks it; bytes were checked
 * by `declaredContentType`.
 */
export function sendResponse(
  response: Response,
  { status, headers = {}, body }: HandlerResponse,
  contentType: string | null,
): void {
  response.statusCode = status;
  response.locals['handlerHeaders'] = Object.keys(headers);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (contentType === null) response.end();
  else if (typeof body === 'function') writeStream(response, body as StreamBody, contentType);
  else if (body instanceof Uint8Array) writeBytes(response, body, contentType);
  else response.json(body);
}

function writeBytes(response: Response, bytes: Uint8Array, contentType: string): void {
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', bytes.byteLength);
  response.end(bytes);
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

/** Sends an error, without the headers of a response that it replaces. */
export function sendError(request: Request, response: Response, error: ApiError): void {
  const handlerHeaders = (response.locals['handlerHeaders'] as string[] | undefined) ?? [];
  for (const name of handlerHeaders) response.removeHeader(name);
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  const path = errorPagePath(request.app, error.code);
  const page = path === null ? null : absoluteUrl(request, path);
  // RFC 8288: the page that explains the error.
  if (page !== null) response.setHeader('Link', `<${page}>; rel="help"`);
  response.statusCode = error.status;
  request.context.errorCode = error.code;
  writeJson.call(response, error.envelope(request.context.id, page));
}
