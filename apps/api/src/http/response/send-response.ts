import type { Request, Response } from 'express';

import { absoluteUrl } from '../absolute-url.ts';
import type { ApiError } from '../../errors/api-error.ts';
import { errorPage } from '../../docs-site/error-page.ts';

/** A handler's 2xx answer. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/**
 * Writes JSON in one go. It takes the place of Express's own `response.json`, which spends more time on
 * content negotiation and an ETag than the rest of the request takes; the validator hooks in before it.
 */
export function writeJson(this: Response, body: unknown): Response {
  const text = JSON.stringify(body);
  this.setHeader('Content-Type', 'application/json; charset=utf-8');
  this.setHeader('Content-Length', Buffer.byteLength(text));
  this.end(text);
  return this;
}

/**
 * The one way out for an answer. What is JSON goes through `response.json`, where the document is enforced on it; the
 * rest has been held against the document by requireDeclared.
 */
export function sendAnswer(
  response: Response,
  { status, headers = {}, body }: Answer,
  type: string | null,
): void {
  response.statusCode = status;
  response.locals['answerHeaders'] = Object.keys(headers);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (type === null) response.end();
  else if (body instanceof Uint8Array) writeBytes(response, body, type);
  else response.json(body);
}

function writeBytes(response: Response, bytes: Uint8Array, type: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', bytes.byteLength);
  response.end(bytes);
}

/** The one way out for an error. */
export function sendError(request: Request, response: Response, error: ApiError): void {
  for (const name of (response.locals['answerHeaders'] as string[] | undefined) ?? [])
    response.removeHeader(name);
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  const path = errorPage(request.app, error.code);
  const page = path === null ? null : absoluteUrl(request, path);
  // RFC 8288: where to read on.
  if (page !== null) response.setHeader('Link', `<${page}>; rel="help"`);
  response.statusCode = error.status;
  request.context.errorCode = error.code;
  writeJson.call(response, error.envelope(request.context.id, page));
}
