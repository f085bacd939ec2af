import { setTimeout as delay } from 'node:timers/promises';

/** Frames that are later than this are skipped, not played in a burst. */
const MAX_LATENESS_MS = 200;

/** Calls `onFrame` every `intervalMs` milliseconds without drift until the signal aborts. */
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
    if (remainingMs < -MAX_LATENESS_MS) next = performance.now();
    await delay(Math.max(0, remainingMs), undefined, { signal }).catch(() => undefined);
  }
}
