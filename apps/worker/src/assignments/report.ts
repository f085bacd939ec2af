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
  /** What the server's clock is ahead of this machine's, in milliseconds. */
  serverAheadMs: number;
}

/** What the server is to know of a performance: everything, each time, so that no report depends on another. */
export function reportOf({ fence, progress, draining, end, serverAheadMs }: Standing): Report {
  const { startedAt, firstFrameAt, frames, mediaMs, ending } = progress;
  return {
    fence,
    frames,
    media_ms: Math.floor(mediaMs),
    started_at: byServer(startedAt),
    ...(firstFrameAt !== null && { first_frame_at: byServer(firstFrameAt) }),
    ...(end !== null && { ended_at: byServer(end.at) }),
    ...(end !== null ? final(end.outcome) : underway()),
  };

  function byServer(time: Date): string {
    return new Date(time.getTime() + serverAheadMs).toISOString();
  }

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
