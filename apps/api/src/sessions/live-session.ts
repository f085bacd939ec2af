import type { SessionStatus } from '@greenroom/contract';

import { currentTime } from '../common/clock.ts';
import type { DeadlineConfig } from '../common/config.ts';
import { billableSeconds, BILLING_INTERVAL_SECONDS, chargeOf, type Charge } from '../usage/billing.ts';
import type { LockedAssignment } from './assignment-repository.ts';
import { deadlineOf } from './deadlines.ts';
import { isTerminal, type DocumentedTransition, type Failure, type Transition } from './lifecycle.ts';

/** The clocks of two machines may differ by this much. */
export const CLOCK_TOLERANCE_MS = 2_000;
/** The maximum of the column. */
export const MAX_FRAMES = 2 ** 31 - 1;

/** A live session that a transaction has locked, with the changes that the transaction makes to it. */
export interface LiveSession extends LockedAssignment {
  /** The session as it was when it was locked. */
  readonly locked: LockedAssignment;
  readonly applied: readonly AppliedTransition[];
  readonly failure: Failure | null;
  /** When it ended, normally or by a failure; null while it lives. */
  readonly overAt: Date | null;
}

/** A transition that a transaction applies. */
export interface AppliedTransition {
  from: SessionStatus;
  transition: Transition;
  /** What the session was after it, where another transition follows. */
  after?: Pick<LockedAssignment, 'startedAt' | 'firstFrameAt'>;
}

export function liveSession(locked: LockedAssignment): LiveSession {
  return { ...locked, locked, applied: [], failure: null, overAt: null };
}

/** The times and counters that a transition can change in addition to the status. */
export type TransitionChanges = Partial<Pick<LiveSession, 'startedAt' | 'firstFrameAt' | 'requeues'>>;

/**
 * Applies a transition to a session, with the deadline of its next status.
 *
 * @throws {Error} when the lifecycle has no such transition from its status
 */
export function applyTransition(
  session: LiveSession,
  transition: Transition,
  config: DeadlineConfig,
  changes: TransitionChanges = {},
): LiveSession {
  const { from, to, actor }: DocumentedTransition = transition;
  const { startedAt, firstFrameAt } = { ...session, ...changes };
  if (!from.includes(session.status)) throw new Error(`${session.status} cannot become ${to}`);
  const next: LiveSession = {
    ...session,
    ...changes,
    status: to,
    applied: [...session.applied, { from: session.status, transition, after: { startedAt, firstFrameAt } }],
    failure: transition.failure ?? session.failure,
    overAt: isTerminal(to) ? currentTime() : null,
  };
  const isReleased = isTerminal(to) || to === 'queued';
  const assigned = isReleased ? releaseSession(next, { rejectsReports: actor !== 'worker' }) : next;
  return { ...assigned, deadlineAt: deadlineOf(to, assigned, config) };
}

/** Takes a session from its worker. With `rejectsReports`, later reports of that worker are rejected. */
export function releaseSession(
  session: LiveSession,
  { rejectsReports }: { rejectsReports: boolean },
): LiveSession {
  return {
    ...session,
    workerId: null,
    leaseUntil: null,
    fence: session.fence + (rejectsReports ? 1 : 0),
  };
}

/** What a worker reports. The counters are totals since the start. */
export interface Counters {
  frames: number;
  mediaMs: number;
}

/**
 * Increases the counters of a session and renews its lease. The reported media time is limited by the time since the
 * first frame and by the maximum duration. `renewAssignment` does the same in SQL.
 */
export function recordCounters(
  session: LiveSession,
  { frames, mediaMs }: Counters,
  leaseSeconds: number,
): LiveSession {
  const { now, firstFrameAt, maxDurationSeconds } = session;
  const sinceFirstFrameMs = firstFrameAt === null ? 0 : Math.max(0, now.getTime() - firstFrameAt.getTime());
  const possibleMs =
    firstFrameAt === null ? 0 : Math.min(maxDurationSeconds * 1000, sinceFirstFrameMs + CLOCK_TOLERANCE_MS);
  return {
    ...session,
    frames: Math.max(session.frames, Math.min(frames, MAX_FRAMES)),
    mediaMs: Math.max(session.mediaMs, Math.min(mediaMs, possibleMs)),
    leaseUntil: new Date(now.getTime() + leaseSeconds * 1000),
  };
}

/** Bills a session at its end, and while it lives at an interval. */
export function billSession(session: LiveSession): { session: LiveSession; charge: Charge | null } {
  const unbilled = billableSeconds(session) - session.billedSeconds;
  const isDue = isTerminal(session.status) || unbilled >= BILLING_INTERVAL_SECONDS;
  const charge = isDue ? chargeOf(session) : null;
  if (charge === null) return { session, charge };
  const { billedSeconds, creditsReserved } = session;
  return {
    session: {
      ...session,
      billedSeconds: billedSeconds + charge.seconds,
      billedCredits: charge.totalCredits,
      creditsReserved: creditsReserved - charge.credits,
    },
    charge,
  };
}
