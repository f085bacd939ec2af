import type { Assignment, Outcome, Performance, Progress, Runtime } from '../../src/runtime.ts';

/** A performance that a test controls. It records the commands of the worker. */
export interface FakePerformance extends Performance {
  readonly assignment: Assignment;
  readonly commands: ('drain' | 'abort')[];
  /** Changes its progress. */
  advance(progress: Partial<Progress>): void;
  end(outcome: Outcome): void;
}

/** Returns a runtime that a test controls. `abort` ends its performances at once. */
export function fakeRuntime(): Runtime & { readonly performances: FakePerformance[] } {
  const performances: FakePerformance[] = [];
  return {
    type: 'fake',
    qualities: ['standard'],
    mediaUrl: null,
    performances,
    perform(assignment, _portrait, onChange) {
      const performance = createPerformance(assignment, onChange);
      performances.push(performance);
      return performance;
    },
  };
}

function createPerformance(assignment: Assignment, onChange: () => void): FakePerformance {
  const commands: ('drain' | 'abort')[] = [];
  let progress: Progress = {
    startedAt: new Date(),
    joinedAt: null,
    firstFrameAt: null,
    frames: 0,
    mediaMs: 0,
  };
  let end: (outcome: Outcome) => void = () => undefined;
  const outcome = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  return {
    assignment,
    commands,
    outcome,
    progress: () => progress,
    drain() {
      commands.push('drain');
    },
    abort() {
      commands.push('abort');
      end({ state: 'ended' });
    },
    advance(changes) {
      progress = { ...progress, ...changes };
      onChange();
    },
    end,
  };
}
