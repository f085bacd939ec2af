import { limits, type components } from '@greenroom/contract';

import type { Outcome, Progress } from '../runtime.ts';

export type Report = components['schemas']['AssignmentReport'];

export interface ReportOptions {
  fence: number;
  progress: Progress;
  /** Whether the performance is draining. */
  draining: boolean;
  /** Null while the performance goes on. */
  end: { outcome: Outcome; at: Date } | null;
  /** How far the server's clock is ahead of this machine's, in milliseconds. */
  serverAheadMs: number;
}

/** Builds a complete report: no report depends on another, so any of them may be lost. */
export function reportOf({ fence, progress, draining, end, serverAheadMs }: ReportOptions): Report {
  const { startedAt, firstFrameAt, frames, mediaMs, ending } = progress;
  return {
    fence,
    frames,
    media_ms: Math.floor(mediaMs),
    started_at: byServerClock(startedAt),
    ...(firstFrameAt !== null && { first_frame_at: byServerClock(firstFrameAt) }),
    ...(end !== null && { ended_at: byServerClock(end.at) }),
    ...(end !== null ? finalState(end.outcome) : liveState()),
  };

  function byServerClock(time: Date): string {
    return new Date(time.getTime() + serverAheadMs).toISOString();
  }

  function liveState(): Pick<Report, 'state' | 'reason'> {
    if (ending !== undefined) return { state: 'ending', reason: ending };
    if (draining) return { state: 'ending' };
    return { state: firstFrameAt === null ? 'starting' : 'running' };
  }
}

function finalState(outcome: Outcome): Pick<Report, 'state' | 'reason' | 'failure'> {
  if (outcome.state === 'ended') {
    return { state: 'ended', ...(outcome.reason !== undefined && { reason: outcome.reason }) };
  }
  const { code, message } = outcome.failure;
  return { state: 'failed', failure: { code, message: message.slice(0, limits.Failure.message.maxLength) } };
}
