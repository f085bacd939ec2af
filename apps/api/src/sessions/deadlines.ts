import { limits, type SessionStatus } from '@greenroom/contract';
import type { Assignment } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import type { DeadlineConfig } from '../common/config.ts';
import { isOverWebSocket } from '../dispatch/runtime-type.ts';

/** A session drains for at most the last 5 s of its maximum duration, and a short one for the last tenth of it. */
const MAX_FINAL_DRAIN_SECONDS = 5;
const FINAL_DRAIN_SHARE = 0.1;
/** A worker that leaves at the maximum duration has this long to report it. Nothing beyond the maximum is billed. */
const REPORT_GRACE_MS = 2_000;

/**
 * The request that creates a session over a WebSocket cancels it when no worker claims it in time. This much later the
 * sweeper does, in case that request is gone.
 */
const CREATE_GRACE_SECONDS = 5;

type JoinConfig = Pick<DeadlineConfig, 'joinDeadlineSeconds'>;
type Queued = Pick<Assignment, 'workerTokenExpiresAt' | 'runtimeType'>;
type Deadlines = Queued & Pick<Assignment, 'firstFrameAt' | 'maxDurationSeconds'>;

/** Returns when a session that enters a state must have left it, or null when it may stay. */
export function deadlineOf(status: SessionStatus, session: Deadlines, config: DeadlineConfig): Date | null {
  const now = currentTimeMs();
  switch (status) {
    case 'queued':
      return queueDeadline(session, config);
    case 'starting':
      return new Date(now + config.firstFrameDeadlineSeconds * 1000);
    case 'running':
      return new Date(durationEndMs(session, now) - finalDrainMs(session, config));
    case 'ending':
      return new Date(
        Math.min(now + config.drainDeadlineSeconds * 1000, durationEndMs(session, now) + REPORT_GRACE_MS),
      );
    default:
      return null;
  }
}

/** Returns the deadline of a session that is queued now: its join deadline, or its token's expiry if that is earlier. */
export function queueDeadline(session: Queued, config: JoinConfig): Date {
  const seconds = isOverWebSocket(session)
    ? createWaitSeconds(config) + CREATE_GRACE_SECONDS
    : config.joinDeadlineSeconds;
  const joinDeadlineMs = currentTimeMs() + seconds * 1000;
  return new Date(Math.min(joinDeadlineMs, session.workerTokenExpiresAt?.getTime() ?? Infinity));
}

/** Returns how long the create of a session over a WebSocket waits for a worker. */
export function createWaitSeconds({ joinDeadlineSeconds }: JoinConfig): number {
  return Math.min(joinDeadlineSeconds, limits.PipecatSessionCreate.maxWaitSeconds);
}

/** The maximum duration counts from the first frame and includes the drain. */
function durationEndMs({ firstFrameAt, maxDurationSeconds }: Deadlines, nowMs: number): number {
  return (firstFrameAt?.getTime() ?? nowMs) + maxDurationSeconds * 1000;
}

/** Returns how long before its maximum duration a session is drained. */
function finalDrainMs({ maxDurationSeconds }: Deadlines, { drainDeadlineSeconds }: DeadlineConfig): number {
  const seconds = Math.min(drainDeadlineSeconds, MAX_FINAL_DRAIN_SECONDS);
  return Math.min(seconds, maxDurationSeconds * FINAL_DRAIN_SHARE) * 1000;
}
