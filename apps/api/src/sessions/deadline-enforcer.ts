import type { Database, Transaction } from '@greenroom/database';
import type { Logger } from 'pino';

import type { Tenant } from '../common/tenant.ts';
import { moveAtDeadline, moveAtWorkerLoss } from './lifecycle.ts';
import { lockSession, type LockedSession } from './session-repository.ts';
import type { SessionTransitions } from './session-transitions.ts';

/** A session that never published a frame is queued again this often when its worker is lost. */
const MAX_REQUEUES = 1;

/** Moves sessions on whose time has come. Each look is guarded: one that was moved in time is left as it is. */
export class DeadlineEnforcer {
  readonly #database: Database;
  readonly #transitions: SessionTransitions;
  readonly #log: Logger;

  constructor(database: Database, transitions: SessionTransitions, log: Logger) {
    this.#database = database;
    this.#transitions = transitions;
    this.#log = log;
  }

  /** Moves a session out of a state whose deadline has passed. */
  async enforceDeadline(tenant: Tenant, id: string): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const session = await lockSession(tx, tenant, id, { skipLocked: true });
      if (session?.deadlineAt == null || !(await isOver(tx, session, 'deadline_at'))) return;
      // Taken in time: whether its worker begins is for the lease to say.
      if (session.status === 'queued' && session.workerId !== null) return;
      const move = moveAtDeadline(
        session.status,
        session.workerTokenExpiresAt !== null && (await isOver(tx, session, 'worker_token_expires_at')),
      );
      if (move === null || (await this.#transitions.apply(tx, session, move)) === null) return;
      this.#log.info({ session: id, reason: move.reason }, 'deadline passed');
    });
  }

  /** Takes a session from a worker that has stopped reporting. */
  async expireLease(tenant: Tenant, id: string): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const session = await lockSession(tx, tenant, id, { skipLocked: true });
      if (session?.workerId == null || !(await isOver(tx, session, 'lease_until'))) return;
      const mayRequeue = session.firstFrameAt === null && session.requeues < MAX_REQUEUES;
      const move = moveAtWorkerLoss(session.status, mayRequeue);
      const requeues = session.requeues + (mayRequeue ? 1 : 0);
      if (move === null) await this.#transitions.release(tx, session, requeues);
      else
        await this.#transitions.apply(tx, session, move, {
          requeues,
          // Only a session that is queued again forgets its start.
          ...(move.to === 'queued' && { startedAt: null }),
        });
      this.#log.warn({ session: id, worker: session.workerId, requeued: mayRequeue }, 'worker lost');
    });
  }
}

/** Whether a time of a session has passed by PostgreSQL's clock. */
async function isOver(
  tx: Transaction,
  { orgId, mode, id }: LockedSession,
  column: 'deadline_at' | 'lease_until' | 'worker_token_expires_at',
): Promise<boolean> {
  const rows = await tx.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM sessions
      WHERE org_id = $1 AND mode = $2::mode AND id = $3 AND ${column} <= clock_timestamp()`,
    orgId,
    mode,
    id,
  );
  return rows.length > 0;
}
