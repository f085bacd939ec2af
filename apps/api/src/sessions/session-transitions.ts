import type { Transaction } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import type { DeadlineConfig } from '../common/config.ts';
import type { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { billedFields, chargeOf } from '../usage/billing.ts';
import { deadlineOf } from './deadlines.ts';
import { isTerminal, type Move } from './lifecycle.ts';
import { moveSession, updateSession, type LockedSession, type SessionChanges } from './session-repository.ts';

interface Dependencies {
  config: DeadlineConfig;
  notifier: DispatchNotifier;
}

/**
 * Applies moves of the lifecycle with all their effects, in the caller's transaction: the deadline of the new
 * state, the notification of the worker, and at the end the bill, the slot, the credits and the token.
 */
export class SessionTransitions {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Applies a move. Returns null when the session has changed since it was read, because another move was first. */
  async apply(
    tx: Transaction,
    session: LockedSession,
    move: Move,
    changes: SessionChanges = {},
  ): Promise<LockedSession | null> {
    const { config, notifier } = this.#deps;
    const terminal = isTerminal(move.to);
    const firstFrameAt = changes.firstFrameAt instanceof Date ? changes.firstFrameAt : session.firstFrameAt;
    const charge = terminal ? chargeOf(session) : null;
    const moved = await moveSession(
      tx,
      session,
      move,
      {
        ...changes,
        deadlineAt: deadlineOf(move.to, { ...session, firstFrameAt }, config),
        ...(charge !== null && billedFields(session, charge)),
        ...(terminal && erased(move)),
        ...((terminal || move.to === 'queued') && unassigned(move)),
        ...(move.failure && { failureCode: move.failure.code, failureMessage: move.failure.message }),
      },
      { charge, releasesSlot: terminal },
    );
    if (moved === null) return null;
    if (move.to === 'queued') notifier.sessionQueued(tx, moved);
    // Ends the long poll of the worker, which did not make this move.
    if (session.workerId !== null && move.actor !== 'worker') notifier.directiveChanged(tx, moved.id);
    return moved;
  }

  /** Releases a session that its worker claimed and never started. It stays queued, with a new deadline. */
  async release(tx: Transaction, session: LockedSession, requeues: number): Promise<void> {
    const { config, notifier } = this.#deps;
    await updateSession(tx, session, {
      workerId: null,
      leaseUntil: null,
      increaseFence: true,
      requeues,
      deadlineAt: deadlineOf('queued', session, config),
    });
    notifier.sessionQueued(tx, session);
    notifier.directiveChanged(tx, session.id);
  }
}

/** Erases the secrets of a session that is over, and its reservation of credits. */
function erased({ to }: Move): SessionChanges {
  const now = currentTime();
  return {
    workerTokenEncrypted: null,
    workerTokenHash: null,
    replacedTokenHashes: [],
    creditsReserved: 0,
    ...(to === 'failed' ? { failedAt: now } : { endedAt: now }),
  };
}

/** When taken from a worker, increases the fence so that its later reports are rejected. */
function unassigned({ actor }: Move): SessionChanges {
  return { workerId: null, leaseUntil: null, increaseFence: actor !== 'worker' };
}
