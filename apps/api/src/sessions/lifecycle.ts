import {
  lifecycle,
  type components,
  type EventActor,
  type FailureCode,
  type SessionStatus,
} from '@greenroom/contract';

/** Statuses that are not final. In them, a session holds its participant slot, its concurrency slot and its credits. */
export const LIVE_STATUSES = lifecycle.live;
/** Final statuses. */
export const TERMINAL_STATUSES = lifecycle.terminal;

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
}

/** A transition as the document states it. */
export interface DocumentedTransition {
  readonly from: readonly SessionStatus[];
  readonly to: SessionStatus;
  readonly actor: EventActor;
  /** Customers read it in the session's events. `failure.code` means the code of the failure that the worker reports. */
  readonly reason: string;
  readonly failure?: Failure;
}

/** Every transition of the document. */
export const TRANSITIONS = lifecycle.transitions satisfies Record<string, DocumentedTransition>;

/** A transition of the document, with the reported failure in its place. No other value has this type. */
export type Transition = TransitionOf<(typeof TRANSITIONS)[keyof typeof TRANSITIONS]>;

type TransitionOf<One extends DocumentedTransition> = One extends { readonly reason: 'failure.code' }
  ? Omit<One, 'reason'> & { readonly reason: FailureCode; readonly failure?: Failure }
  : One & { readonly failure?: Failure };

type EndReason = NonNullable<components['schemas']['AssignmentReport']['reason']>;

const FINISHING: Readonly<Record<EndReason, Transition>> = {
  'session.idle': TRANSITIONS.idle,
  'performance.finished': TRANSITIONS.finish,
  'room.deleted': TRANSITIONS.roomDeleted,
  'room.closed': TRANSITIONS.roomClosed,
  'worker.removed': TRANSITIONS.workerRemoved,
  'agent.left': TRANSITIONS.agentLeft,
  'client.left': TRANSITIONS.clientLeft,
  'client.never_connected': TRANSITIONS.clientNeverConnected,
  'session.max_duration': TRANSITIONS.reachDuration,
};

/** Returns the transition of a session that its worker ends for one of the reasons of a report. */
export function finishTransition(reason: EndReason = 'performance.finished'): Transition {
  return FINISHING[reason];
}

/** Returns the transition of a session whose worker reports a failure. */
export function failureTransition(failure: Failure, status: SessionStatus): Transition {
  // Once draining, a failure counts as a normal end: a customer may close the room right after asking to end.
  if (status === 'ending') return { ...TRANSITIONS.failDraining, reason: failure.code };
  return { ...TRANSITIONS.fail, reason: failure.code, failure };
}

/** Returns the transition of a session whose identity another one takes over; null where it is over already. */
export function replaceTransition(status: SessionStatus): Transition | null {
  return transitionFrom(status, [TRANSITIONS.replaceWaiting, TRANSITIONS.replace]);
}

/** Returns the transition of a session whose deadline has passed; null where its status has none. */
export function deadlineTransition(
  status: SessionStatus,
  { tokenHasExpired, isOverWebSocket }: { tokenHasExpired: boolean; isOverWebSocket: boolean },
): Transition | null {
  if (status === 'queued' && tokenHasExpired) return TRANSITIONS.expireToken;
  if (status === 'queued' && isOverWebSocket) return TRANSITIONS.cancelUnclaimed;
  return transitionFrom(status, [
    TRANSITIONS.giveUpWaiting,
    TRANSITIONS.missFirstFrame,
    TRANSITIONS.exceedDuration,
    TRANSITIONS.exceedDrain,
  ]);
}

/** Returns the transition of a session that lost its worker; null where it only waits for another one. */
export function workerLossTransition(status: SessionStatus, mayRequeue: boolean): Transition | null {
  if (status === 'ending') return TRANSITIONS.loseDraining;
  if (!mayRequeue || status === 'running') return TRANSITIONS.loseWorker;
  return status === 'starting' ? TRANSITIONS.requeue : null;
}

/** Returns the transition of a session that its customer ends; null where it is ending or over already. */
export function endTransition(status: SessionStatus): Transition | null {
  return transitionFrom(status, [TRANSITIONS.cancel, TRANSITIONS.drain]);
}

function transitionFrom(status: SessionStatus, candidates: readonly Transition[]): Transition | null {
  return candidates.find(({ from }: DocumentedTransition) => from.includes(status)) ?? null;
}

export function isTerminal(status: SessionStatus): boolean {
  return (TERMINAL_STATUSES as readonly SessionStatus[]).includes(status);
}
