/**
 * Runs `work` with a signal that aborts after `timeoutMs` milliseconds with the error that `timeout` returns, or as
 * soon as one of `signals` aborts, with its reason.
 */
export async function withDeadline<Result>(
  { timeoutMs, timeout, signals }: { timeoutMs: number; timeout: () => Error; signals: AbortSignal[] },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  // AbortSignal.any and AbortSignal.timeout retain memory after the work is done, here thousands of times an hour.
  const controller = new AbortController();
  const follow = () => controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  const timer = setTimeout(() => controller.abort(timeout()), timeoutMs);
  for (const signal of signals) signal.addEventListener('abort', follow);
  if (signals.some(({ aborted }) => aborted)) follow();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', follow);
  }
}
