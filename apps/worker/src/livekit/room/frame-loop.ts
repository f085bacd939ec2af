import { setTimeout as sleep } from 'node:timers/promises';

/** Later than this, what was missed is left out, rather than played in a hurry. */
const LATEST_MS = 200;

/** Works every `intervalMs` by the monotonic clock, without drift, until aborted. */
export async function everyTick(intervalMs: number, signal: AbortSignal, work: () => void): Promise<void> {
  let next = performance.now();
  while (!signal.aborted) {
    work();
    next += intervalMs;
    const ahead = next - performance.now();
    if (ahead < -LATEST_MS) next = performance.now();
    await sleep(Math.max(0, ahead), undefined, { signal }).catch(() => undefined);
  }
}
