/** A longer timer (above 24 days) would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface Deadline {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly timeoutError: () => Error;
}

/**
 * Runs `work` with a signal that aborts when time is up or the caller's signal aborts. It then rejects with
 * `timeoutError()` or the caller's reason, even if `work` ignores its signal.
 */
export async function withDeadline<Result>(
  { timeoutMs, signal, timeoutError }: Deadline,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => {
    controller.abort(signal?.reason);
  };
  // AbortSignal.any and AbortSignal.timeout would keep timers and listeners after the work has ended.
  const timer = setTimeout(abort, Math.min(timeoutMs, MAX_TIMER_MS));
  signal?.addEventListener('abort', abort);
  try {
    return await Promise.race([work(controller.signal), rejectionOf(controller.signal)]);
  } catch (error) {
    signal?.throwIfAborted();
    throw controller.signal.aborted ? timeoutError() : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('Aborted'));
    });
  });
}
