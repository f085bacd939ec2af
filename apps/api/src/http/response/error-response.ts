import { errorTable, limits, type components } from '@greenroom/contract';
import type { Request, Response } from 'express';

import { absoluteUrl } from '../../common/absolute-url.ts';
import type { ApiError } from '../../errors/api-error.ts';
import { truncate } from '../../errors/message-text.ts';
import { sendJson } from './send-response.ts';

/** A message or a param may quote a long value of the request. */
const MAX_MESSAGE_LENGTH = limits.ApiError.message.maxLength;
const MAX_PARAM_LENGTH = limits.ApiError.param.maxLength;

export function statusOf({ code }: ApiError): number {
  return errorTable[code].status;
}

/** Returns the body of every error response. The message ends with the page that explains the code, if there is one. */
export function errorEnvelope(
  { code, message, param }: ApiError,
  requestId: string,
  page: string | null = null,
): components['schemas']['ApiErrorEnvelope'] {
  const pointer = page === null ? '' : ` See ${page}.`;
  return {
    error: {
      type: errorTable[code].type,
      code,
      message: truncate(message, MAX_MESSAGE_LENGTH - pointer.length) + pointer,
      param: param === null ? null : truncate(param, MAX_PARAM_LENGTH),
      request_id: requestId,
    },
  };
}

/** Sends an error. `pagePath` is the page that explains its code; null if there is none. */
export function sendError(
  request: Request,
  response: Response,
  error: ApiError,
  pagePath: string | null,
): void {
  // A message that says when to retry.
  const { seconds } = error.values;
  if (seconds !== undefined) response.setHeader('Retry-After', String(seconds));
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  const page = pagePath === null ? null : absoluteUrl(request, pagePath);
  // RFC 8288.
  if (page !== null) response.setHeader('Link', `<${page}>; rel="help"`);
  response.statusCode = statusOf(error);
  request.context.errorCode = error.code;
  sendJson(response, errorEnvelope(error, request.context.id, page));
}
