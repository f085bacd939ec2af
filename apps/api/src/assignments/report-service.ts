import type { components, SessionStatus, validatedRequests } from '@greenroom/contract';
import type { Database, Transaction } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import type { DispatchConfig } from '../common/config.ts';
import type { LongPoll, WaitList } from '../dispatch/wait-list.ts';
import { parseDateTime } from '../document/date-time.ts';
import { ApiError } from '../errors/api-error.ts';
import { lockAssignment } from '../sessions/assignment-repository.ts';
import { failureTransition, finishTransition, isTerminal, TRANSITIONS } from '../sessions/lifecycle.ts';
import { liveSession, recordCounters, type LiveSession } from '../sessions/live-session.ts';
import { findFinalFence } from '../sessions/session-repository.ts';
import type { SessionTransitions } from '../sessions/session-transitions.ts';
import { assignmentLost, assignmentNotFound } from './assignment-errors.ts';
import { findAssignmentStatus, renewAssignment } from './report-repository.ts';

type Report = validatedRequests['assignments.report']['requestBody']['content']['application/json'];
type Directive = components['schemas']['Directive'];

/** The worker key that reports on a session. */
export interface Reporter {
  workerKeyId: string;
  sessionId: string;
}

/** Session states that a report of each state does not change. */
const UNCHANGED: Readonly<Record<Report['state'], readonly SessionStatus[]>> = {
  starting: ['starting', 'running', 'ending'],
  running: ['running', 'ending'],
  ending: ['ending'],
  ended: [],
  failed: [],
};

interface Dependencies {
  database: Database;
  config: DispatchConfig;
  transitions: SessionTransitions;
  waitingReports: WaitList;
}

/** Records what workers report about their sessions, and directs them. */
export class ReportService {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /**
   * Records a report and returns a directive: at once if it is not `continue`, otherwise after the wait.
   *
   * @throws {ApiError} 404 when the worker never held the session, 409 when the assignment is lost
   */
  async report(
    reporter: Reporter,
    report: Report,
    { waitSeconds, signal, withoutCapacity }: LongPoll,
  ): Promise<Directive> {
    requireFailure(report);
    const { config, waitingReports } = this.#deps;
    const { sessionId } = reporter;
    const subscription = waitingReports.subscribe((changed) => changed === sessionId);
    try {
      // A worker cannot report during a long poll, so the wait is added to the lease.
      const directive = await this.#record(reporter, report, config.leaseSeconds + waitSeconds);
      if (directive !== 'continue' || waitSeconds === 0 || waitingReports.isClosed) return directive;
      const wasNotified = await withoutCapacity(() => subscription.wait(waitSeconds * 1000, signal));
      // The next report follows at once, and covers a lost notification.
      return wasNotified ? await this.#findDirective(sessionId, report.fence) : 'continue';
    } finally {
      subscription.unsubscribe();
    }
  }

  async #record(reporter: Reporter, report: Report, leaseSeconds: number): Promise<Directive> {
    const { database, transitions } = this.#deps;
    const counters = { fence: report.fence, frames: report.frames, mediaMs: report.media_ms };
    const statuses = UNCHANGED[report.state];
    if (statuses.length > 0) {
      const guard = { statuses, workerKeyId: reporter.workerKeyId, leaseSeconds };
      const renewed = await renewAssignment(database, reporter.sessionId, counters, guard);
      if (renewed !== null) return directiveFor(renewed.status);
    }
    return database.transaction(async (tx) => {
      const session = await lockReported(tx, reporter, report);
      if (session === null) return 'abort';
      const counted = recordCounters(this.#begin(session, report), counters, leaseSeconds);
      const concluded = this.#conclude(counted, report);
      await transitions.commit(tx, concluded);
      return directiveFor(concluded.status);
    });
  }

  /** Applies the transitions that the report shows to have happened, even if an earlier report about them was lost. */
  #begin(session: LiveSession, report: Report): LiveSession {
    const { transitions } = this.#deps;
    let current = session;
    if (current.status === 'queued') {
      const startedAt = plausibleTime(current.assignedAt, report.started_at ?? report.first_frame_at);
      current = transitions.apply(current, TRANSITIONS.start, { startedAt });
    }
    const published =
      report.state === 'running' ||
      report.first_frame_at !== undefined ||
      report.frames > 0 ||
      report.media_ms > 0;
    if (!published || current.firstFrameAt !== null) return current;
    const firstFrameAt = plausibleTime(current.startedAt, report.first_frame_at);
    if (current.status === 'starting') {
      return transitions.apply(current, TRANSITIONS.firstFrame, { firstFrameAt });
    }
    // The session was ended before the report of its first frame arrived.
    return { ...current, firstFrameAt };
  }

  #conclude(session: LiveSession, report: Report): LiveSession {
    const { transitions } = this.#deps;
    if (report.failure !== undefined) {
      return transitions.apply(session, failureTransition(report.failure, session.status));
    }
    if (report.state !== 'ending' && report.state !== 'ended') return session;
    const ending =
      session.status === 'ending' ? session : transitions.apply(session, finishTransition(report.reason));
    return report.state === 'ended' ? transitions.apply(ending, TRANSITIONS.leave) : ending;
  }

  async #findDirective(sessionId: string, fence: number): Promise<Directive> {
    const current = await findAssignmentStatus(this.#deps.database, sessionId);
    if (current?.fence !== fence || current.workerId === null) throw assignmentLost(sessionId);
    return directiveFor(current.status);
  }
}

/**
 * Locks the session of a report. Returns null when it is over and the report is the last one, sent again because its
 * response was lost.
 *
 * @throws {ApiError} 404 or 409 when the worker does not hold it
 */
async function lockReported(
  tx: Transaction,
  { sessionId, workerKeyId }: Reporter,
  report: Report,
): Promise<LiveSession | null> {
  const assignment = await lockAssignment(tx, sessionId);
  if (assignment === null) {
    const finalFence = await findFinalFence(tx, sessionId);
    if (finalFence === undefined) throw assignmentNotFound(sessionId);
    const isLast = report.state === 'ended' || report.state === 'failed';
    if (finalFence === report.fence && isLast) return null;
    throw assignmentLost(sessionId);
  }
  if (assignment.fence !== report.fence || assignment.workerId === null) throw assignmentLost(sessionId);
  if (assignment.workerKeyId !== workerKeyId) throw assignmentNotFound(sessionId);
  return liveSession(assignment);
}

function directiveFor(status: SessionStatus): Directive {
  if (isTerminal(status)) return 'abort';
  return status === 'ending' ? 'drain' : 'continue';
}

/** Returns a time of the worker's clock, limited to the range from `earliest` to now by the server's clock. */
function plausibleTime(earliest: Date | null, reported: string | undefined): Date {
  const now = currentTimeMs();
  const time = reported === undefined ? now : (parseDateTime(reported)?.getTime() ?? now);
  return new Date(Math.max(Math.min(time, now), Math.min(earliest?.getTime() ?? 0, now)));
}

/** @throws {ApiError} 422 when a failed report has no failure, or another report has one */
function requireFailure({ state, failure }: Report): void {
  if ((state === 'failed') === (failure !== undefined)) return;
  if (failure === undefined) {
    throw new ApiError('body.invalid', { situation: 'failure_missing', param: 'failure' });
  }
  throw new ApiError('body.invalid', { situation: 'failure_surplus', values: { state }, param: 'failure' });
}
