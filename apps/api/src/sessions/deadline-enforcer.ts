import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import type { Tenant } from '../common/tenant.ts';
import { hasPassed } from './deadline-repository.ts';
import { moveAtDeadline, moveAtWorkerLoss } from './lifecycle.ts';
import { lockSession } from './session-repository.ts';
import type { SessionTransitions } from './session-transitions.ts';

/** How often a session without a first frame is requeued when its worker is lost. */
const MAX_REQUEUES = 1;

interface Dependencies {
  database: Database;
  transitions: SessionTransitions;
  log: Logger;
}

/**
 * Moves sessions whose deadline has passed or whose lease has expired. Checks both again under the session's lock, and
 * skips a session that another transaction has locked.
 */
export class DeadlineEnforcer {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Moves a session out of a state whose deadline has passed. */
  async enforceDeadline(tenant: Tenant, id: string): Promise<void> {
    const { database, transitions, log } = this.#deps;
    await database.transaction(async (tx) => {
      const session = await lockSession(tx, tenant, id, { skipLocked: true });
      if (session?.deadlineAt == null || !(await hasPassed(tx, session, 'deadline_at'))) return;
      // Claimed in time: its lease decides whether the worker is lost.
      if (session.status === 'queued' && session.workerId !== null) return;
      const tokenHasExpired =
        session.workerTokenExpiresAt !== null && (await hasPassed(tx, session, 'worker_token_expires_at'));
      const move = moveAtDeadline(session.status, tokenHasExpired);
      if (move === null || (await transitions.apply(tx, session, move)) === null) return;
      log.info({ session: id, reason: move.reason }, 'deadline passed');
    });
  }

  /** Takes a session from a worker that stopped reporting. */
  async expireLease(tenant: Tenant, id: string): Promise<void> {
    const { database, transitions, log } = this.#deps;
    await database.transaction(async (tx) => {
      const session = await lockSession(tx, tenant, id, { skipLocked: true });
      if (session?.workerId == null || !(await hasPassed(tx, session, 'lease_until'))) return;
      const mayRequeue = session.firstFrameAt === null && session.requeues < MAX_REQUEUES;
      const move = moveAtWorkerLoss(session.status, mayRequeue);
      const requeues = session.requeues + (mayRequeue ? 1 : 0);
      if (move === null) {
        await transitions.release(tx, session, requeues);
      } else {
        // A requeued session starts again.
        const restarted = move.to === 'queued' ? { startedAt: null } : {};
        await transitions.apply(tx, session, move, { requeues, ...restarted });
      }
      log.warn({ session: id, worker: session.workerId, requeued: mayRequeue }, 'worker lost');
    });
  }
}
