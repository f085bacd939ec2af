/**
 * Runs `work` with a signal that is aborted after `timeoutMs`, or when one of `signals` is. The signal's reason tells
 * which it was.
 */
export async function withDeadline<Result>(
  { timeoutMs, timeout, signals }: { timeoutMs: number; timeout: () => Error; signals: AbortSignal[] },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  // Not AbortSignal.any and AbortSignal.timeout: what they make outlives the work, thousands of times an hour.
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
