import { setTimeout as delay } from 'node:timers/promises';

/** Calls `onFrame` every `intervalMs` milliseconds without drift until the signal aborts. Skips frames that are missed. */
export async function runFrameLoop(
  intervalMs: number,
  signal: AbortSignal,
  onFrame: () => void,
): Promise<void> {
  let next = performance.now();
  while (!signal.aborted) {
    onFrame();
    next += intervalMs;
    const remainingMs = next - performance.now();
    if (remainingMs < -intervalMs) next = performance.now();
    await delay(Math.max(0, remainingMs), undefined, { signal }).catch(() => undefined);
  }
}
