import type { Assignment, Outcome, Performance, PortraitSource, Runtime } from '../runtime.ts';

/** Starts a performance. When the runtime throws or rejects, the outcome is the failure `runtime.error`. */
export function startPerformance(
  runtime: Runtime,
  assignment: Assignment,
  portrait: PortraitSource,
  onChange: () => void,
): Performance {
  const startedAt = new Date();
  const failed = (error: unknown): Outcome => ({
    state: 'failed',
    failure: { code: 'runtime.error', message: `The runtime failed: ${messageOf(error)}` },
  });
  try {
    const performance = runtime.perform(assignment, portrait, onChange);
    return {
      progress: () => performance.progress(),
      drain: () => performance.drain(),
      abort: () => performance.abort(),
      outcome: performance.outcome.catch(failed),
    };
  } catch (error) {
    return {
      progress: () => ({ startedAt, joinedAt: null, firstFrameAt: null, frames: 0, mediaMs: 0 }),
      drain: () => undefined,
      abort: () => undefined,
      outcome: Promise.resolve(failed(error)),
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
