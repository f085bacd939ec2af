import createClient from 'openapi-fetch';

import { describeCause } from '../errors/describe-cause.ts';
import { errorFromResponse, unexpectedResponse } from '../errors/error-from-response.ts';
import { GreenroomConnectionError } from '../errors/greenroom-errors.ts';
import { redact } from '../errors/redact.ts';
import type { Operation } from '../operation.ts';
import type { Settings } from '../settings.ts';
import { userAgent } from '../user-agent.ts';
import { toFormData } from './form-data.ts';

/** A request as each attempt of a call sends it. */
export interface OutgoingRequest {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly headers: Headers;
}

/**
 * Sends a request once. Resolves with the body of a success, undefined when it is empty; of a stream, with its bytes.
 *
 * @throws {GreenroomError} when the request fails
 */
export type SendRequest = (request: OutgoingRequest, signal: AbortSignal) => Promise<unknown>;

/** openapi-fetch takes its types from literal paths; here the path is a value of the operation table. */
interface AnyOperation {
  requestBody?: { content: { 'application/json': unknown } };
  responses: { 200: unknown };
}

type AnyPaths = Record<string, Record<Operation['method'], AnyOperation>>;

/** Creates the function that sends all requests. */
export function createSender({ apiKey, baseUrl, fetch }: Settings): SendRequest {
  const clean = (text: string) => redact(text, apiKey);
  const client = createClient<AnyPaths>({
    baseUrl,
    headers: { Authorization: `Bearer ${apiKey}`, 'User-Agent': userAgent() },
    // The key is the only credential.
    credentials: 'omit',
    // Following a redirect could send the body elsewhere, or turn a POST into a GET.
    redirect: 'manual',
  });

  async function exchange({ operation, path, query, body, headers }: OutgoingRequest, signal: AbortSignal) {
    const progress = { sent: false };
    try {
      return await client.request(operation.method, operation.path, {
        params: { path, query },
        body: operation.body === 'form' ? toFormData(body) : body,
        headers,
        signal,
        // A browser's cached copy would be out of date.
        cache: 'no-store',
        parseAs: operation.stream ? 'stream' : operation.binary ? 'blob' : 'text',
        fetch: (request: Request) => {
          progress.sent = true;
          return fetch(request);
        },
      });
    } catch (error) {
      // A failure before sending is a mistake in the call, such as a body that cannot be written as JSON.
      if (!progress.sent) throw error;
      throw new GreenroomConnectionError(`No response from ${baseUrl}: ${clean(describeCause(error))}.`);
    }
  }

  return async (request, signal) => {
    const { data, error, response } = await exchange(request, signal);
    if (!response.ok) throw errorFromResponse(response, error, clean);
    if (response.status === 204) return undefined;
    const { operation } = request;
    const body = operation.stream ? streamOf(response) : operation.binary ? data : readJson(data);
    if (!body) throw unexpectedResponse(response, clean);
    return body;
  };
}

function streamOf(response: Response): unknown {
  return response.headers.get('content-type')?.startsWith('text/event-stream') && response.body;
}

function readJson(text: unknown): unknown {
  try {
    return JSON.parse(text as string);
  } catch {
    return undefined;
  }
}
