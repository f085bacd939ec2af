import type { components, SessionStatus, validatedRequests } from '@greenroom/contract';
import type { Database, Transaction } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import type { DispatchConfig } from '../common/config.ts';
import type { LongPoll, WaitList } from '../dispatch/wait-list.ts';
import { parseDateTime } from '../document/date-time.ts';
import { ApiError } from '../errors/api-error.ts';
import { failureMove, isTerminal, moves, moveToFinish } from '../sessions/lifecycle.ts';
import { billSession, updateSession, type LockedSession } from '../sessions/session-repository.ts';
import type { SessionTransitions } from '../sessions/session-transitions.ts';
import { BILLING_INTERVAL_SECONDS, chargeOf } from '../usage/billing.ts';
import { assignmentLost, assignmentNotFound } from './assignment-errors.ts';
import {
  findAssignmentStatus,
  lockAssignment,
  recordCounters,
  renewAssignment,
  type Counters,
} from './assignment-repository.ts';

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
    { waitSeconds, signal, idle }: LongPoll,
  ): Promise<Directive> {
    requireFailure(report);
    const { config, waitingReports } = this.#deps;
    const { sessionId } = reporter;
    const subscription = waitingReports.subscribe((changed) => changed === sessionId);
    try {
      // A worker cannot report during a long poll, so the wait is added to the lease.
      const directive = await this.#record(reporter, report, config.leaseSeconds + waitSeconds);
      if (directive !== 'continue' || waitSeconds === 0 || waitingReports.isClosed) return directive;
      await idle(() => subscription.wait(waitSeconds * 1000, signal));
      return await this.#findDirective(sessionId, report.fence);
    } finally {
      subscription.unsubscribe();
    }
  }

  async #record(reporter: Reporter, report: Report, leaseSeconds: number): Promise<Directive> {
    const { database } = this.#deps;
    const counters = { fence: report.fence, frames: report.frames, mediaMs: report.media_ms };
    const statuses = UNCHANGED[report.state];
    if (statuses.length > 0) {
      const guard = { statuses, workerKeyId: reporter.workerKeyId, leaseSeconds };
      const renewed = await renewAssignment(database, reporter.sessionId, counters, guard);
      if (renewed !== null) return directiveFor(renewed.status);
    }
    return database.transaction(async (tx) => {
      const session = await lockReported(tx, reporter, report);
      if (isTerminal(session.status)) return 'abort';
      const begun = await this.#begin(tx, session, report);
      const metered = await meter(tx, begun, counters, leaseSeconds);
      const concluded = await this.#conclude(tx, metered, report);
      return directiveFor(concluded.status);
    });
  }

  /** Applies moves that the report shows to have happened, even if an earlier report about them was lost. */
  async #begin(tx: Transaction, session: LockedSession, report: Report): Promise<LockedSession> {
    let current = session;
    if (current.status === 'queued') {
      const startedAt = plausibleTime(current.assignedAt, report.started_at ?? report.first_frame_at);
      current = await this.#apply(tx, current, moves.start, { startedAt });
    }
    const published =
      report.state === 'running' ||
      report.first_frame_at !== undefined ||
      report.frames > 0 ||
      report.media_ms > 0;
    if (!published || current.firstFrameAt !== null) return current;
    const firstFrameAt = plausibleTime(current.startedAt, report.first_frame_at);
    if (current.status === 'starting') return this.#apply(tx, current, moves.firstFrame, { firstFrameAt });
    // The session was ended before the report of its first frame arrived.
    return updateSession(tx, current, { firstFrameAt });
  }

  async #conclude(tx: Transaction, session: LockedSession, report: Report): Promise<LockedSession> {
    if (report.failure !== undefined) {
      return this.#apply(tx, session, failureMove(report.failure, session.status));
    }
    if (report.state !== 'ending' && report.state !== 'ended') return session;
    const ending =
      session.status === 'ending' ? session : await this.#apply(tx, session, moveToFinish(report.reason));
    return report.state === 'ended' ? this.#apply(tx, ending, moves.leave) : ending;
  }

  /** Applies a move that cannot be too late, because the transaction has locked the session. */
  async #apply(...move: Parameters<SessionTransitions['apply']>): Promise<LockedSession> {
    const moved = await this.#deps.transitions.apply(...move);
    if (moved === null) throw new Error(`${move[1].status} cannot become ${move[2].to}`);
    return moved;
  }

  async #findDirective(sessionId: string, fence: number): Promise<Directive> {
    const current = await findAssignmentStatus(this.#deps.database, sessionId);
    if (current?.fence !== fence || current.workerId === null) throw assignmentLost(sessionId);
    return directiveFor(current.status);
  }
}

/**
 * Locks the session of a report.
 *
 * @throws {ApiError} 404 or 409 when the worker does not hold it
 */
async function lockReported(
  tx: Transaction,
  { sessionId, workerKeyId }: Reporter,
  report: Report,
): Promise<LockedSession> {
  const assignment = await lockAssignment(tx, sessionId);
  if (assignment === null) throw assignmentNotFound(sessionId);
  const { session } = assignment;
  if (session.fence !== report.fence) throw assignmentLost(sessionId);
  if (session.workerId === null) {
    // The last report, sent again because its response was lost.
    const isLast = report.state === 'ended' || report.state === 'failed';
    if (isTerminal(session.status) && isLast) return session;
    throw assignmentLost(sessionId);
  }
  if (assignment.workerKeyId !== workerKeyId) throw assignmentNotFound(sessionId);
  return session;
}

/** Records the counters, and bills the session when enough is unbilled. */
async function meter(
  tx: Transaction,
  session: LockedSession,
  counters: Counters,
  leaseSeconds: number,
): Promise<LockedSession> {
  const delivered = session.firstFrameAt === null ? { ...counters, mediaMs: 0 } : counters;
  const metered = await recordCounters(tx, session, delivered, leaseSeconds);
  if (metered.billableSeconds - metered.billedSeconds < BILLING_INTERVAL_SECONDS) return metered;
  const charge = chargeOf(metered);
  return charge === null ? metered : billSession(tx, metered, charge);
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
