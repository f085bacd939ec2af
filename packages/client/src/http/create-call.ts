import { GreenroomError } from '../errors/greenroom-error.ts';
import { GreenroomTimeoutError } from '../errors/greenroom-timeout-error.ts';
import type { Call } from '../methods/bind-operations.ts';
import { isRepeatable, type Operation } from '../operation.ts';
import type { IdempotentRequestOptions } from '../options.ts';
import { checkLimits, type Settings } from '../settings.ts';
import { createSender } from './send-request.ts';
import { withDeadline } from './with-deadline.ts';
import { withRetries } from './with-retries.ts';

/** Makes what every method calls: a request with its deadline, sent again where that is safe and may help. */
export function createCall(settings: Settings): Call {
  const send = createSender(settings);
  return async (operation, { path, query, body, options }) => {
    const { signal } = options;
    const { timeoutMs, maxRetries } = checkLimits({
      timeoutMs: options.timeoutMs ?? settings.timeoutMs,
      maxRetries: options.maxRetries ?? settings.maxRetries,
    });
    // Made once for all attempts: the idempotency key in it is what makes them one.
    const request = { operation, path, query, body, headers: headersOf(operation, options) };
    const timeoutError = () =>
      new GreenroomTimeoutError(
        'request_timeout',
        `No answer from ${settings.baseUrl} within ${String(timeoutMs)} ms.`,
      );
    return withRetries({ maxRetries: isRepeatable(operation) ? maxRetries : 0, signal }, async (retry) => {
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

/** An attempt before, whose response was lost, has deleted it. */
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
  else if (!headers.has('Idempotency-Key')) headers.set('Idempotency-Key', crypto.randomUUID());
  return headers;
}
