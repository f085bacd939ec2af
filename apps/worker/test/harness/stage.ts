import type { Assignment, Outcome, Performance, Progress, Runtime } from '../../src/runtime.ts';

/** A performance that does what the test says, and remembers what it was told. */
export interface StagedPerformance extends Performance {
  readonly assignment: Assignment;
  readonly told: ('drain' | 'abort')[];
  /** Changes the progress. */
  advance(progress: Partial<Progress>): void;
  end(outcome: Outcome): void;
}

/** A runtime in the hands of a test. On `abort` its performances end at once. */
export function stage(): Runtime & { readonly performances: StagedPerformance[] } {
  const performances: StagedPerformance[] = [];
  return {
    type: 'staged',
    qualities: ['standard'],
    performances,
    perform(assignment, _portrait, onChange) {
      const performance = stagedPerformance(assignment, onChange);
      performances.push(performance);
      return performance;
    },
  };
}

function stagedPerformance(assignment: Assignment, onChange: () => void): StagedPerformance {
  const told: ('drain' | 'abort')[] = [];
  let progress: Progress = { startedAt: new Date(), firstFrameAt: null, frames: 0, mediaMs: 0 };
  let end: (outcome: Outcome) => void = () => undefined;
  const outcome = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  return {
    assignment,
    told,
    outcome,
    progress: () => progress,
    drain() {
      told.push('drain');
    },
    abort() {
      told.push('abort');
      end({ state: 'ended' });
    },
    advance(changes) {
      progress = { ...progress, ...changes };
      onChange();
    },
    end,
  };
}
