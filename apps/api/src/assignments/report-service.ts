import type { components, SessionStatus, validatedOperations } from '@greenroom/contract';
import type { Database, Transaction } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import type { DispatchConfig } from '../common/config.ts';
import { parseDateTime } from '../document/date-time.ts';
import { ApiError } from '../errors/api-error.ts';
import { failureMove, isTerminal, moves, moveToFinish } from '../sessions/lifecycle.ts';
import { lockSession, type LockedSession } from '../sessions/session-repository.ts';
import type { SessionTransitions } from '../sessions/session-transitions.ts';
import { bill, BILLING_INTERVAL_SECONDS } from '../usage/billing.ts';
import { lost, notFound } from './assignment-errors.ts';
import { meter, renew, standing, tenantOf, type Counters } from './assignment-repository.ts';
import type { Patience, Waits } from '../dispatch/waits.ts';

export type Report = validatedOperations['assignments.report']['requestBody']['content']['application/json'];
type Directive = components['schemas']['Directive'];

/** Who reports, on what. */
export interface Reporter {
  workerKeyId: string;
  sessionId: string;
}

/** Session states in which a report of the worker's state moves nothing. */
const UNMOVED: Readonly<Record<Report['state'], readonly SessionStatus[]>> = {
  starting: ['starting', 'running', 'ending'],
  running: ['running', 'ending'],
  ending: ['ending'],
  ended: [],
  failed: [],
};

/** Hears what workers say of their sessions, and tells them what to do next. */
export class ReportService {
  readonly #database: Database;
  readonly #config: DispatchConfig;
  readonly #transitions: SessionTransitions;
  readonly #directives: Waits;

  constructor(
    database: Database,
    config: DispatchConfig,
    transitions: SessionTransitions,
    directives: Waits,
  ) {
    this.#database = database;
    this.#config = config;
    this.#transitions = transitions;
    this.#directives = directives;
  }

  /**
   * Records a report and answers with a directive: at once where there is one to follow, else after the wait.
   *
   * @throws {ApiError} 404 for a session that the worker never held, 409 for one that has moved on
   */
  async report(
    reporter: Reporter,
    report: Report,
    { waitSeconds, signal, idle }: Patience,
  ): Promise<Directive> {
    requireFailure(report);
    const { sessionId } = reporter;
    const waiting = this.#directives.expect((moved) => moved === sessionId);
    try {
      // Who waits cannot report meanwhile: the lease runs from the end of the wait.
      const directive = await this.#record(reporter, report, this.#config.leaseSeconds + waitSeconds);
      if (directive !== 'continue' || waitSeconds === 0 || this.#directives.closed) return directive;
      await idle(() => waiting.rest(waitSeconds * 1000, signal));
      return await this.#look(sessionId, report.fence);
    } finally {
      waiting.done();
    }
  }

  async #record(reporter: Reporter, report: Report, leaseSeconds: number): Promise<Directive> {
    const counters = { fence: report.fence, frames: report.frames, mediaMs: report.media_ms };
    const statuses = UNMOVED[report.state];
    if (statuses.length > 0) {
      const guard = { statuses, workerKeyId: reporter.workerKeyId, leaseSeconds };
      const renewed = await renew(this.#database, reporter.sessionId, counters, guard);
      if (renewed !== null) return directiveIn(renewed.status);
    }
    return this.#database.transaction(async (tx) => {
      const session = await held(tx, reporter, report);
      if (isTerminal(session.status)) return 'abort';
      const metered = await this.#meter(tx, await this.#begin(tx, session, report), counters, leaseSeconds);
      return directiveIn((await this.#conclude(tx, metered, report)).status);
    });
  }

  /** Moves that the report shows to have happened, whether or not their own report arrived. */
  async #begin(tx: Transaction, session: LockedSession, report: Report): Promise<LockedSession> {
    let current = session;
    if (current.status === 'queued') {
      const startedAt = between(current.assignedAt, report.started_at ?? report.first_frame_at);
      current = await this.#apply(tx, current, moves.start, { startedAt });
    }
    const published =
      report.state === 'running' ||
      report.first_frame_at !== undefined ||
      report.frames > 0 ||
      report.media_ms > 0;
    if (!published || current.firstFrameAt !== null) return current;
    const firstFrameAt = between(current.startedAt, report.first_frame_at);
    if (current.status === 'starting') return this.#apply(tx, current, moves.firstFrame, { firstFrameAt });
    // Told to end before the server heard of the first frame.
    const { orgId, mode, id } = current;
    return tx.session.update({ where: { orgId_mode_id: { orgId, mode, id } }, data: { firstFrameAt } });
  }

  async #meter(
    tx: Transaction,
    { orgId, mode, id, firstFrameAt }: LockedSession,
    counters: Counters,
    leaseSeconds: number,
  ): Promise<LockedSession> {
    await meter(tx, id, firstFrameAt === null ? { ...counters, mediaMs: 0 } : counters, leaseSeconds);
    const metered = await tx.session.findUniqueOrThrow({ where: { orgId_mode_id: { orgId, mode, id } } });
    const unbilled = metered.billableSeconds - metered.billedSeconds;
    return unbilled >= BILLING_INTERVAL_SECONDS ? bill(tx, metered) : metered;
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

  /** Under the session's lock nobody else moves it. */
  async #apply(...move: Parameters<SessionTransitions['apply']>): Promise<LockedSession> {
    const moved = await this.#transitions.apply(...move);
    if (moved === null) throw new Error(`${move[1].status} cannot become ${move[2].to}`);
    return moved;
  }

  /** What the worker has to do after its wait. */
  async #look(sessionId: string, fence: number): Promise<Directive> {
    const now = await standing(this.#database, sessionId);
    if (now?.fence !== fence || now.workerId === null) throw lost(sessionId);
    return directiveIn(now.status);
  }
}

/** The session under its lock, if it is the reporting worker's. */
async function held(
  tx: Transaction,
  { sessionId, workerKeyId }: Reporter,
  report: Report,
): Promise<LockedSession> {
  const tenant = await tenantOf(tx, sessionId);
  const session = tenant && (await lockSession(tx, tenant, sessionId));
  if (session === null) throw notFound(sessionId);
  if (session.fence !== report.fence) throw lost(sessionId);
  if (session.workerId === null) {
    // Its own last word, said again because the answer was lost.
    const isLastWord = report.state === 'ended' || report.state === 'failed';
    if (isTerminal(session.status) && isLastWord) return session;
    throw lost(sessionId);
  }
  const worker = await tx.worker.findUnique({ where: { id: session.workerId } });
  if (worker?.workerKeyId !== workerKeyId) throw notFound(sessionId);
  return session;
}

function directiveIn(status: SessionStatus): Directive {
  if (isTerminal(status)) return 'abort';
  return status === 'ending' ? 'drain' : 'continue';
}

/** The worker's time, as far as the server's clock bears it out: not before the given moment, not in the future. */
function between(earliest: Date | null, given: string | undefined): Date {
  const now = currentTimeMs();
  const time = given === undefined ? now : (parseDateTime(given)?.getTime() ?? now);
  return new Date(Math.max(Math.min(time, now), Math.min(earliest?.getTime() ?? 0, now)));
}

function requireFailure({ state, failure }: Report): void {
  if ((state === 'failed') === (failure !== undefined)) return;
  if (failure === undefined) {
    throw new ApiError('body.invalid', { situation: 'failure_missing', param: 'failure' });
  }
  throw new ApiError('body.invalid', { situation: 'failure_surplus', values: { state }, param: 'failure' });
}
