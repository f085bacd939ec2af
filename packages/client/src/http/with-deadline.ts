/** Timers wrap around above this and would fire at once; it is 24 days, and stands for "no limit". */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Deadline {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly timeoutError: () => Error;
}

/**
 * Runs `work` with a signal that is aborted when time is up or when the caller's signal is. Rejects then with
 * `timeoutError()` or the caller's reason, even if `work` itself does not listen.
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
  // Not AbortSignal.any and AbortSignal.timeout: those keep timers and listeners beyond the end of the work.
  const timer = setTimeout(abort, Math.min(timeoutMs, LONGEST_TIMER_MS));
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
