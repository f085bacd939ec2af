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
export interface Transition {
  readonly from: readonly SessionStatus[];
  readonly to: SessionStatus;
  readonly actor: EventActor;
  /** Customers read it in the session's events. `failure.code` means the code of the failure that the worker reports. */
  readonly reason: string;
  readonly failure?: Failure;
}

/** Every transition of the document. */
export const moves = lifecycle.transitions satisfies Record<string, Transition>;

/** A transition of the document, with the reported failure in its place. No other value has this type. */
export type Move = MoveOf<(typeof moves)[keyof typeof moves]>;

type MoveOf<One extends Transition> = One extends { readonly reason: 'failure.code' }
  ? Omit<One, 'reason'> & { readonly reason: FailureCode; readonly failure?: Failure }
  : One & { readonly failure?: Failure };

type EndReason = NonNullable<components['schemas']['AssignmentReport']['reason']>;

const FINISHING: Readonly<Record<EndReason, Move>> = {
  'session.idle': moves.idle,
  'performance.finished': moves.finish,
  'room.deleted': moves.roomDeleted,
  'room.closed': moves.roomClosed,
  'worker.removed': moves.workerRemoved,
  'agent.left': moves.agentLeft,
  'client.left': moves.clientLeft,
  'client.never_connected': moves.clientNeverConnected,
  'session.max_duration': moves.reachDuration,
};

/** Returns the move of a session that its worker ends for one of the reasons of a report. */
export function moveToFinish(reason: EndReason = 'performance.finished'): Move {
  return FINISHING[reason];
}

/** Returns the move of a session whose worker reports a failure. */
export function failureMove(failure: Failure, status: SessionStatus): Move {
  // Once draining, a failure counts as a normal end: a customer may close the room right after asking to end.
  if (status === 'ending') return { ...moves.failDraining, reason: failure.code };
  return { ...moves.fail, reason: failure.code, failure };
}

/** Returns the move of a session whose identity another one takes over; null where it is over already. */
export function moveToReplace(status: SessionStatus): Move | null {
  return moveFrom(status, [moves.replaceWaiting, moves.replace]);
}

/** Returns the move of a session whose deadline has passed; null where its status has none. */
export function moveAtDeadline(
  status: SessionStatus,
  { tokenHasExpired, isOverWebSocket }: { tokenHasExpired: boolean; isOverWebSocket: boolean },
): Move | null {
  if (status === 'queued' && tokenHasExpired) return moves.expireToken;
  if (status === 'queued' && isOverWebSocket) return moves.cancelUnclaimed;
  return moveFrom(status, [
    moves.giveUpWaiting,
    moves.missFirstFrame,
    moves.exceedDuration,
    moves.exceedDrain,
  ]);
}

/** Returns the move of a session that lost its worker; null where it only waits for another one. */
export function moveAtWorkerLoss(status: SessionStatus, mayRequeue: boolean): Move | null {
  if (status === 'ending') return moves.loseDraining;
  if (!mayRequeue || status === 'running') return moves.loseWorker;
  return status === 'starting' ? moves.requeue : null;
}

/** Returns the move of a session that its customer ends; null where it is ending or over already. */
export function moveToEnd(status: SessionStatus): Move | null {
  return moveFrom(status, [moves.cancel, moves.drain]);
}

function moveFrom(status: SessionStatus, candidates: readonly Move[]): Move | null {
  return candidates.find(({ from }: Transition) => from.includes(status)) ?? null;
}

export function isTerminal(status: SessionStatus): boolean {
  return (TERMINAL_STATUSES as readonly SessionStatus[]).includes(status);
}
