import createClient from 'openapi-fetch';

import { describeCause } from '../errors/describe-cause.ts';
import { errorFromResponse, unexpectedResponse } from '../errors/error-from-response.ts';
import { GreenroomConnectionError } from '../errors/greenroom-connection-error.ts';
import { redact } from '../errors/redact.ts';
import type { Operation } from '../operation.ts';
import type { Settings } from '../settings.ts';
import { formOf } from './form-of.ts';

/** One request of a call: what is sent in each attempt alike. */
export interface OutgoingRequest {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Sends a request once. Resolves with the body of a success, undefined for an empty one. */
export type SendRequest = (request: OutgoingRequest, signal: AbortSignal) => Promise<unknown>;

/** openapi-fetch is typed by a document's paths; here the path is a value of the operation table. */
interface AnyOperation {
  requestBody?: { content: { 'application/json': unknown } };
  responses: { 200: unknown };
}

type AnyPaths = Record<string, Record<Operation['method'], AnyOperation>>;

/** Makes the one function that requests leave by. It rejects with a GreenroomError whatever the network does. */
export function createSender({ apiKey, baseUrl, fetch }: Settings): SendRequest {
  const clean = (text: string) => redact(text, apiKey);
  const client = createClient<AnyPaths>({
    baseUrl,
    headers: { Authorization: `Bearer ${apiKey}` },
    // The key is all the authority a request has.
    credentials: 'omit',
    // Followed, a redirect would take the body elsewhere, or make a GET of a POST.
    redirect: 'manual',
  });

  async function exchange({ operation, path, query, body, headers }: OutgoingRequest, signal: AbortSignal) {
    const progress = { sent: false };
    try {
      return await client.request(operation.method, operation.path, {
        params: { path, query },
        body: operation.body === 'form' ? formOf(body) : body,
        headers,
        signal,
        // A copy that a browser kept would be out of date.
        cache: 'no-store',
        parseAs: 'text',
        fetch: (request: Request) => {
          progress.sent = true;
          return fetch(request);
        },
      });
    } catch (error) {
      // What fails before it is sent is a mistake in the call, such as a body that JSON cannot hold.
      if (!progress.sent) throw error;
      throw new GreenroomConnectionError(`No answer from ${baseUrl}: ${clean(describeCause(error))}.`);
    }
  }

  return async (request, signal) => {
    const { data, error, response } = await exchange(request, signal);
    if (!response.ok) throw errorFromResponse(response, error, clean);
    if (response.status === 204) return undefined;
    const body = readJson(data);
    if (body === undefined) throw unexpectedResponse(response, clean);
    return body;
  };
}

function readJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
