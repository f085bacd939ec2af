import type { Transaction } from '@greenroom/database';

import type { DeadlineConfig } from '../common/config.ts';
import type { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { isOverWebSocket } from '../dispatch/runtime-type.ts';
import { deadlineOf } from './deadlines.ts';
import type { Transition } from './lifecycle.ts';
import { commitLiveSession, saveLiveSession } from './live-session-repository.ts';
import { applyTransition, releaseSession, type LiveSession, type TransitionChanges } from './live-session.ts';
import type { SessionRecord } from './session-record.ts';

interface Dependencies {
  config: DeadlineConfig;
  notifier: DispatchNotifier;
}

/** Applies transitions to live sessions, and stores what a transaction changed about them with all its effects. */
export class SessionTransitions {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /**
   * Applies a transition to a session. `save` or `commit` stores it.
   *
   * @throws {Error} when the lifecycle has no such transition from its status
   */
  apply(session: LiveSession, transition: Transition, changes?: TransitionChanges): LiveSession {
    return applyTransition(session, transition, this.#deps.config, changes);
  }

  /** Releases a session that its worker claimed and never started. It stays queued, with a new deadline. */
  release(session: LiveSession, requeues: number): LiveSession {
    const { config } = this.#deps;
    const deadlineAt = deadlineOf('queued', session, config);
    return { ...releaseSession(session, { rejectsReports: true }), requeues, deadlineAt };
  }

  /** Stores a session with its events, bill, slot and credits, and notifies workers when the transaction has ended. */
  async save(tx: Transaction, session: LiveSession): Promise<void> {
    this.#notify(tx, session);
    await saveLiveSession(tx, session);
  }

  /** Stores a session as `save` does, and commits. Returns the record if it changed. */
  async commit(tx: Transaction, session: LiveSession): Promise<SessionRecord | null> {
    this.#notify(tx, session);
    return commitLiveSession(tx, session);
  }

  #notify(tx: Transaction, session: LiveSession): void {
    const { notifier } = this.#deps;
    const { locked, applied, workerId, status } = session;
    // Even without a transition: the bill of an interval can make the balance low.
    notifier.eventsAppended(tx, session);
    const isRequeued = status === 'queued' && locked.workerId !== null && workerId === null;
    if (isRequeued) notifier.sessionQueued(tx, session);
    // Ends the long poll of the worker, which did not make this transition.
    const isForced = isRequeued || applied.some(({ transition }) => transition.actor !== 'worker');
    if (locked.workerId !== null && isForced) notifier.directiveChanged(tx, session.id);
    const isDequeued = locked.status === 'queued' && status !== 'queued';
    if (isDequeued && isOverWebSocket(session)) notifier.sessionDequeued(tx, session.id);
  }
}
