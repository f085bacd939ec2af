import { GreenroomError, GreenroomTimeoutError } from '../errors/greenroom-errors.ts';
import { isIdempotent, type Call, type Operation } from '../operation.ts';
import type { IdempotentRequestOptions } from '../options.ts';
import { checkLimits, type Settings } from '../settings.ts';
import type { SendRequest } from './send-request.ts';
import { withDeadline } from './with-deadline.ts';
import { withRetries } from './with-retries.ts';

/** Creates the function that all methods call. It gives each attempt a deadline and retries where that is safe. */
export function createCall(settings: Settings, send: SendRequest): Call {
  return async (operation, { path, query, body, options }) => {
    const { signal } = options;
    const timeoutMs = options.timeoutMs ?? settings.timeoutMs;
    const maxRetries = options.maxRetries ?? settings.maxRetries;
    checkLimits({ timeoutMs, maxRetries });
    // Created once, so that all attempts have the same idempotency key.
    const request = { operation, path, query, body, headers: headersOf(operation, options) };
    const timeoutError = () =>
      new GreenroomTimeoutError(
        'request_timeout',
        `No response from ${settings.baseUrl} within ${String(timeoutMs)} ms.`,
      );
    return withRetries({ maxRetries: isIdempotent(operation) ? maxRetries : 0, signal }, async (retry) => {
      try {
        return await withDeadline({ timeoutMs, signal, timeoutError }, (attemptSignal) =>
          send(request, attemptSignal),
        );
      } catch (error) {
        if (retry > 0 && isDeleted(operation, error)) return undefined;
        throw error;
      }
    });
  };
}

/** Returns whether an earlier attempt, whose response was lost, has deleted the object. */
function isDeleted({ method }: Operation, error: unknown): boolean {
  return method === 'delete' && error instanceof GreenroomError && error.status === 404;
}

function headersOf(
  operation: Operation,
  { headers: given, idempotencyKey }: IdempotentRequestOptions,
): Headers {
  const headers = new Headers(given);
  if (!operation.idempotencyKey) return headers;
  if (idempotencyKey !== undefined) headers.set('Idempotency-Key', idempotencyKey);
  else if (!headers.has('Idempotency-Key')) headers.set('Idempotency-Key', randomKey());
  return headers;
}

/** Returns 128 random bits. `crypto.randomUUID` does not exist on pages over plain http. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
