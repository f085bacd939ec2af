import type { SessionStatus } from '@greenroom/contract';
import type { Transaction } from '@greenroom/database';

import { currentTime, currentTimeMs } from '../common/clock.ts';
import { releaseSlot } from '../accounts/account-repository.ts';
import type { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import type { DeadlineConfig } from '../common/config.ts';
import { billedFields, chargeOf, recordCharge } from '../usage/billing.ts';
import { isTerminal, type Move } from './lifecycle.ts';
import { waitingUntil } from './queue-deadline.ts';
import { moveSession, type LockedSession, type SessionChanges } from './session-repository.ts';

/** A session at its maximum may finish its sentence in the last seconds of it; a short one in its last tenth. */
const LONGEST_LAST_WORDS_SECONDS = 5;
const LAST_WORDS_SHARE = 0.1;
/** A worker that leaves at the maximum has this long to report it. Nothing beyond the maximum is billed. */
const REPORT_GRACE_MS = 2_000;

/**
 * Carries out moves of the lifecycle with all that belongs to them: the deadline of the new state, the worker told, and
 * at the end the bill, the slot, the credits and the token. All of it in the caller's transaction.
 */
export class SessionTransitions {
  readonly #config: DeadlineConfig;
  readonly #notifier: DispatchNotifier;

  constructor(config: DeadlineConfig, notifier: DispatchNotifier) {
    this.#config = config;
    this.#notifier = notifier;
  }

  /** Null where the session is not in a state the move starts from: somebody was faster. */
  async apply(
    tx: Transaction,
    session: LockedSession,
    move: Move,
    changes: SessionChanges = {},
  ): Promise<LockedSession | null> {
    const terminal = isTerminal(move.to);
    const firstFrameAt = changes.firstFrameAt instanceof Date ? changes.firstFrameAt : session.firstFrameAt;
    const deadlineAt = this.#deadline(move.to, { ...session, firstFrameAt });
    const charge = terminal ? chargeOf(session) : null;
    const moved = await moveSession(tx, session, move, {
      ...changes,
      deadlineAt,
      ...(charge !== null && billedFields(session, charge)),
      ...(terminal && erased(move)),
      ...((terminal || move.to === 'queued') && released(move)),
      ...(move.failure && { failureCode: move.failure.code, failureMessage: move.failure.message }),
    });
    if (moved === null) return null;
    if (terminal) {
      // After the move: a session that another process moved first is not billed here.
      if (charge !== null) await recordCharge(tx, session, charge);
      await releaseSlot(tx, session, Number(session.creditsReserved) - (charge?.credits ?? 0));
    }
    if (move.to === 'queued') this.#notifier.sessionQueued(tx, moved);
    // The worker hears of what others did to its session, in the middle of its long poll.
    if (session.workerId !== null && move.actor !== 'worker') this.#notifier.directiveChanged(tx, moved.id);
    return moved;
  }

  /** Claimed and never begun: still queued, and free for another worker for as long as if it had just been queued. */
  async release(tx: Transaction, session: LockedSession, requeues: number): Promise<void> {
    const { orgId, mode, id } = session;
    const deadlineAt = this.#deadline('queued', session);
    await tx.session.update({
      where: { orgId_mode_id: { orgId, mode, id } },
      data: { workerId: null, leaseUntil: null, fence: { increment: 1 }, requeues, deadlineAt },
    });
    this.#notifier.sessionQueued(tx, session);
    this.#notifier.directiveChanged(tx, id);
  }

  /** When a session that enters this state has to have left it; null where it may stay. */
  #deadline(status: SessionStatus, session: LockedSession): Date | null {
    const now = currentTimeMs();
    switch (status) {
      case 'queued':
        return waitingUntil(session.workerTokenExpiresAt, this.#config);
      case 'starting':
        return new Date(now + this.#config.firstFrameDeadlineSeconds * 1000);
      case 'running':
        return new Date(lastMomentMs(session, now) - this.#drainMs(session));
      case 'ending':
        return new Date(
          Math.min(
            now + this.#config.drainDeadlineSeconds * 1000,
            lastMomentMs(session, now) + REPORT_GRACE_MS,
          ),
        );
      default:
        return null;
    }
  }

  /** How long before the maximum the worker is asked to finish. */
  #drainMs({ maxDurationSeconds }: LockedSession): number {
    const seconds = Math.min(this.#config.drainDeadlineSeconds, LONGEST_LAST_WORDS_SECONDS);
    return Math.min(seconds, maxDurationSeconds * LAST_WORDS_SHARE) * 1000;
  }
}

/** When the worker has to have left: the maximum counts from the first frame and includes the drain. */
function lastMomentMs({ firstFrameAt, maxDurationSeconds }: LockedSession, nowMs: number): number {
  return (firstFrameAt?.getTime() ?? nowMs) + maxDurationSeconds * 1000;
}

/** What a session no longer needs, and must not keep, when it is over. */
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

/** Nobody holds the session any more. Taken from a worker, it does not listen to that worker again. */
function released({ actor }: Move): SessionChanges {
  return { workerId: null, leaseUntil: null, ...(actor !== 'worker' && { fence: { increment: 1 } }) };
}
