import type { Assignment, Outcome, Performance, PortraitSource, Runtime } from '../runtime.ts';

/** Begins a performance; a runtime that fails at it fails this session and no other. */
export function begin(
  runtime: Runtime,
  assignment: Assignment,
  portrait: PortraitSource,
  changed: () => void,
): Performance {
  const startedAt = new Date();
  const failed = (error: unknown): Outcome => ({
    state: 'failed',
    failure: { code: 'runtime.error', message: `The runtime failed: ${messageOf(error)}` },
  });
  try {
    const begun = runtime.perform(assignment, portrait, changed);
    return {
      progress: () => begun.progress(),
      drain: () => begun.drain(),
      abort: () => begun.abort(),
      outcome: begun.outcome.catch(failed),
    };
  } catch (error) {
    return {
      progress: () => ({ startedAt, firstFrameAt: null, frames: 0, mediaMs: 0 }),
      drain: () => undefined,
      abort: () => undefined,
      outcome: Promise.resolve(failed(error)),
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
