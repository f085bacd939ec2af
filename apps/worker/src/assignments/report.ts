import type { components } from '@greenroom/contract';

import type { Outcome, Progress } from '../runtime.ts';

export type Report = components['schemas']['AssignmentReport'];

const MAX_MESSAGE_LENGTH = 500;

export interface Standing {
  fence: number;
  progress: Progress;
  /** Told to finish what is buffered and to leave. */
  draining: boolean;
  /** How it ended and when; null while it has not. */
  end: { outcome: Outcome; at: Date } | null;
}

/** What the server is to know of a performance: everything, each time, so that no report depends on another. */
export function reportOf({ fence, progress, draining, end }: Standing): Report {
  const { startedAt, firstFrameAt, frames, mediaMs, ending } = progress;
  return {
    fence,
    frames,
    media_ms: Math.floor(mediaMs),
    started_at: startedAt.toISOString(),
    ...(firstFrameAt !== null && { first_frame_at: firstFrameAt.toISOString() }),
    ...(end !== null && { ended_at: end.at.toISOString() }),
    ...(end !== null ? final(end.outcome) : underway()),
  };

  function underway(): Pick<Report, 'state' | 'reason'> {
    if (ending !== undefined) return { state: 'ending', reason: ending };
    if (draining) return { state: 'ending' };
    return { state: firstFrameAt === null ? 'starting' : 'running' };
  }
}

function final(outcome: Outcome): Pick<Report, 'state' | 'reason' | 'failure'> {
  if (outcome.state === 'ended') {
    return { state: 'ended', ...(outcome.reason !== undefined && { reason: outcome.reason }) };
  }
  const { code, message } = outcome.failure;
  return { state: 'failed', failure: { code, message: message.slice(0, MAX_MESSAGE_LENGTH) } };
}
