import { createFinalURL, createQuerySerializer, defaultPathSerializer, mergeHeaders } from 'openapi-fetch';

import { describeCause } from '../errors/describe-cause.ts';
import { errorFromResponse, unexpectedResponse } from '../errors/error-from-response.ts';
import { GreenroomConnectionError } from '../errors/greenroom-errors.ts';
import type { Operation } from '../operation.ts';
import type { Settings } from '../settings.ts';
import { userAgent } from '../user-agent.ts';

/** A request as each attempt of a call sends it. */
export interface OutgoingRequest {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly headers: Headers;
}

/**
 * Sends a request once. Resolves with the body of a successful response, or undefined when it is empty; for a stream,
 * with its bytes.
 *
 * @throws {GreenroomError} when the request fails
 */
export type SendRequest = (request: OutgoingRequest, signal: AbortSignal) => Promise<unknown>;

const FETCH_SETTINGS = {
  // A browser's cached copy would be out of date.
  cache: 'no-store',
  // The key is the only credential.
  credentials: 'omit',
  // Following a redirect could send the body elsewhere, or turn a POST into a GET.
  redirect: 'manual',
} as const;

const SECRETS = [
  /\bBearer\s+[^\s"',]+/gi,
  /\b(?:sk|wk)_[A-Za-z0-9_-]{8,}/g,
  // A JSON Web Token, such as a worker token: base64url of `{"` is `eyJ`.
  /\beyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){1,2}/g,
];

const serializeQuery = createQuerySerializer();

/** Creates the function that sends all requests. */
export function createSender({ apiKey, baseUrl, fetch }: Settings): SendRequest {
  const clean = (text: string) => redact(text, apiKey);

  /** @throws {TypeError} for a mistake in the call, such as a body that cannot be written as JSON */
  function createRequest(
    { operation, path, query, body, headers }: OutgoingRequest,
    signal: AbortSignal,
  ): Request {
    const isJson = operation.body === 'json' && body !== undefined;
    return new Request(
      createFinalURL(operation.path, {
        baseUrl,
        params: { path, query },
        querySerializer: serializeQuery,
        pathSerializer: defaultPathSerializer,
      }),
      {
        method: operation.method.toUpperCase(),
        headers: mergeHeaders(
          { 'Content-Type': isJson ? 'application/json' : undefined },
          { Authorization: `Bearer ${apiKey}`, 'User-Agent': userAgent() },
          headers,
        ),
        body: isJson ? JSON.stringify(body) : operation.body === 'form' ? toFormData(body) : null,
        signal,
        ...FETCH_SETTINGS,
      },
    );
  }

  return async (outgoing, signal) => {
    const request = createRequest(outgoing, signal);
    let response;
    let body;
    try {
      response = await fetch(request);
      body = await readBody(response, outgoing.operation);
    } catch (error) {
      throw new GreenroomConnectionError(`No response from ${baseUrl}: ${clean(describeCause(error))}.`);
    }
    if (!response.ok) throw errorFromResponse(response, body, clean);
    if (response.status === 204) return undefined;
    if (!body) throw unexpectedResponse(response, clean);
    return body;
  };
}

/** Returns the body of a response, or a falsy value when it is not what the operation returns. */
async function readBody(response: Response, { stream, binary }: Operation): Promise<unknown> {
  if (response.ok && stream) {
    return response.headers.get('content-type')?.startsWith('text/event-stream') && response.body;
  }
  if (response.ok && binary) {
    const blob = await response.blob();
    return blob.size > 0 && blob;
  }
  return readJson(await response.text());
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Returns the fields of an object as a form, with `Blob` and `File` values as its files.
 *
 * @throws {TypeError} when a value is neither a string nor a file
 */
function toFormData(body: unknown): FormData {
  if (typeof body !== 'object' || body === null) throw new TypeError('The body must be an object.');
  const form = new FormData();
  for (const [name, value] of Object.entries(body) as [string, unknown][]) {
    if (value === undefined) continue;
    if (typeof value !== 'string' && !(value instanceof Blob)) {
      throw new TypeError(`${name} must be a string, a Blob or a File.`);
    }
    form.append(name, value);
  }
  return form;
}

/**
 * Replaces the API key and other keys and tokens in a text from outside: a proxy or the caller's `fetch` may quote the
 * request in its errors.
 */
function redact(text: string, apiKey: string): string {
  return SECRETS.reduce(
    (clean, secret) => clean.replace(secret, '[redacted]'),
    text.replaceAll(apiKey, '[redacted]'),
  );
}
