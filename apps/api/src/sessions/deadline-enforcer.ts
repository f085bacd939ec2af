import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { isOverWebSocket } from '../dispatch/runtime-type.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { lockAssignment } from './assignment-repository.ts';
import { deadlineTransition, workerLossTransition } from './lifecycle.ts';
import { liveSession } from './live-session.ts';
import type { SessionTransitions } from './session-transitions.ts';

/** How often a session without a first frame is requeued when its worker is lost. */
const MAX_REQUEUES = 1;

interface Dependencies {
  database: Database;
  transitions: SessionTransitions;
  /** Null collects none. */
  metrics: Metrics | null;
  log: Logger;
}

/**
 * Applies the transitions of sessions whose deadline has passed or whose lease has expired. Checks both again under the
 * session's lock, by the database's clock, and skips a session that another transaction has locked.
 */
export class DeadlineEnforcer {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Applies the transition of a session whose deadline has passed. */
  async enforceDeadline(id: string): Promise<void> {
    const { database, transitions, log } = this.#deps;
    await database.transaction(async (tx) => {
      const assignment = await lockAssignment(tx, id, { skipLocked: true });
      if (assignment === null || !hasPassed(assignment.deadlineAt, assignment)) return;
      // Claimed in time: its lease decides whether the worker is lost.
      if (assignment.status === 'queued' && assignment.workerId !== null) return;
      const transition = deadlineTransition(assignment.status, {
        tokenHasExpired: hasPassed(assignment.workerTokenExpiresAt, assignment),
        isOverWebSocket: isOverWebSocket(assignment),
      });
      if (transition === null) return;
      await transitions.commit(tx, transitions.apply(liveSession(assignment), transition));
      log.info(
        { session: id, request_id: assignment.requestId, reason: transition.reason },
        'deadline passed',
      );
    });
  }

  /** Takes a session from a worker that stopped reporting. */
  async expireLease(id: string): Promise<void> {
    const { database, transitions, metrics, log } = this.#deps;
    await database.transaction(async (tx) => {
      const assignment = await lockAssignment(tx, id, { skipLocked: true });
      if (assignment === null || !hasPassed(assignment.leaseUntil, assignment)) return;
      // Once started, a session over a WebSocket stays at its worker, whose address its client has.
      const isBound = isOverWebSocket(assignment) && assignment.status !== 'queued';
      const mayRequeue = assignment.firstFrameAt === null && assignment.requeues < MAX_REQUEUES && !isBound;
      const transition = workerLossTransition(assignment.status, mayRequeue);
      const requeues = assignment.requeues + (mayRequeue ? 1 : 0);
      const session = liveSession(assignment);
      // A requeued session starts again.
      const restarted = transition?.to === 'queued' ? { startedAt: null } : {};
      await transitions.commit(
        tx,
        transition === null
          ? transitions.release(session, requeues)
          : transitions.apply(session, transition, { requeues, ...restarted }),
      );
      metrics?.leaseLost();
      log.warn(
        { session: id, request_id: assignment.requestId, worker: assignment.workerId, requeued: mayRequeue },
        'worker lost',
      );
    });
  }
}

function hasPassed(time: Date | null, { now }: { now: Date }): boolean {
  return time !== null && time.getTime() <= now.getTime();
}
