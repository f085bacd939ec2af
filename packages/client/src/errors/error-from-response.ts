import type { components } from '../generated/wire.ts';
import { GreenroomError } from './greenroom-errors.ts';
import { retryAfterMs } from './retry-after.ts';

type Envelope = components['schemas']['ApiError'];

type Clean = (text: string) => string;

/** Returns the error for a response whose status is not 2xx. `clean` removes secrets from the message. */
export function errorFromResponse(response: Response, body: unknown, clean: Clean): GreenroomError {
  const envelope = readEnvelope(body);
  if (envelope === undefined) return unexpectedResponse(response, clean);
  return new GreenroomError({
    type: envelope.type,
    code: envelope.code,
    message: clean(envelope.message),
    param: typeof envelope.param === 'string' ? envelope.param : null,
    status: response.status,
    requestId: typeof envelope.request_id === 'string' ? envelope.request_id : requestIdOf(response),
    retryAfterMs: retryAfterMs(response.headers),
  });
}

/**
 * Returns the error for a response that is not from Greenroom: a proxy's page, a redirect, a success that is not JSON.
 * Leaves out the body, which may quote secrets.
 */
export function unexpectedResponse(response: Response, clean: Clean): GreenroomError {
  const contentType = response.headers.get('content-type') ?? 'none';
  const got = isRedirect(response)
    ? 'a redirect'
    : `status ${String(response.status)} with content type "${clean(contentType)}"`;
  return new GreenroomError({
    type: 'unexpected_response',
    code: 'unexpected_response',
    message: `Expected a response from the Greenroom API, but got ${got}. Check baseUrl and any proxy in between.`,
    // A browser hides the status of a redirect and reports 0.
    status: response.status === 0 ? null : response.status,
    requestId: requestIdOf(response),
    retryAfterMs: retryAfterMs(response.headers),
  });
}

function readEnvelope(body: unknown): Envelope | undefined {
  const error = isObject(body) && 'error' in body && isObject(body.error) ? body.error : {};
  const { type, code, message } = error as Partial<Record<keyof Envelope, unknown>>;
  const isEnvelope = [type, code, message].every((field) => typeof field === 'string');
  return isEnvelope ? (error as Envelope) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isRedirect(response: Response): boolean {
  return response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
}

function requestIdOf(response: Response): string | null {
  return response.headers.get('x-request-id');
}
