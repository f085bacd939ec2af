import type { components, EventActor, FailureCode, SessionStatus } from '@greenroom/contract';

/** States a session can still leave; it holds its identity in the room, its slot and its credits. */
export const LIVE_STATUSES = [
  'created',
  'queued',
  'starting',
  'running',
  'ending',
] as const satisfies SessionStatus[];
/** States it cannot. */
export const TERMINAL_STATUSES = ['ended', 'failed', 'canceled'] as const satisfies SessionStatus[];

/** One way a session may go: from which states, to which, who moves it and why. */
export interface Move {
  readonly from: readonly SessionStatus[];
  readonly to: SessionStatus;
  readonly actor: EventActor;
  /** Readable by customers in the session's events. */
  readonly reason: string;
  /** Where `to` is `failed`: whose fault it was. */
  readonly failure?: { readonly code: FailureCode; readonly message: string };
}

/** Every move there is. What is not here cannot happen. */
export const moves = {
  enqueue: { from: ['created'], to: 'queued', actor: 'customer', reason: 'session.created' },
  start: { from: ['queued'], to: 'starting', actor: 'worker', reason: 'worker.starting' },
  perform: { from: ['starting'], to: 'running', actor: 'worker', reason: 'worker.first_frame' },

  cancel: { from: ['created', 'queued'], to: 'canceled', actor: 'customer', reason: 'session.end_requested' },
  drain: { from: ['starting', 'running'], to: 'ending', actor: 'customer', reason: 'session.end_requested' },
  idle: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'session.idle' },
  finish: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'performance.finished' },
  roomDeleted: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'room.deleted' },
  roomClosed: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'room.closed' },
  workerRemoved: { from: ['starting', 'running'], to: 'ending', actor: 'worker', reason: 'worker.removed' },
  reachDuration: {
    from: ['starting', 'running'],
    to: 'ending',
    actor: 'worker',
    reason: 'session.max_duration',
  },
  exceedDuration: { from: ['running'], to: 'ending', actor: 'system', reason: 'session.max_duration' },
  leave: { from: ['ending'], to: 'ended', actor: 'worker', reason: 'worker.left' },
  exceedDrain: { from: ['ending'], to: 'ended', actor: 'system', reason: 'drain.deadline' },
  loseDraining: { from: ['ending'], to: 'ended', actor: 'system', reason: 'worker.lost' },

  replaceWaiting: {
    from: ['created', 'queued'],
    to: 'canceled',
    actor: 'customer',
    reason: 'session.replaced',
  },
  replace: {
    from: ['starting', 'running', 'ending'],
    to: 'ended',
    actor: 'customer',
    reason: 'session.replaced',
  },

  requeue: { from: ['starting'], to: 'queued', actor: 'system', reason: 'worker.lost' },
  giveUpWaiting: {
    from: ['created', 'queued'],
    to: 'failed',
    actor: 'system',
    reason: 'worker.unavailable',
    failure: {
      code: 'worker.unavailable',
      message: 'No worker took the session before its join deadline. Nothing was charged; create it again.',
    },
  },
  expireToken: {
    from: ['queued'],
    to: 'failed',
    actor: 'system',
    reason: 'room.token_rejected',
    failure: {
      code: 'room.token_rejected',
      message:
        'The worker token expired before a worker took the session. Nothing was charged; mint one that lives longer.',
    },
  },
  missFirstFrame: {
    from: ['starting'],
    to: 'failed',
    actor: 'system',
    reason: 'first_frame.deadline',
    failure: {
      code: 'runtime.error',
      message: 'The worker published no video before the deadline. Nothing was charged; create it again.',
    },
  },
  loseWorker: {
    from: ['queued', 'starting', 'running'],
    to: 'failed',
    actor: 'system',
    reason: 'worker.lost',
    failure: {
      code: 'worker.lost',
      message: 'The worker stopped reporting and did not come back. Only what it had reported is charged.',
    },
  },
} as const satisfies Record<string, Move>;

/** Returns the move of a session that its worker ends for one of the reasons of a report. */
export function moveToFinish(reason: EndReason = 'performance.finished'): Move {
  return FINISHING[reason];
}

type EndReason = NonNullable<components['schemas']['AssignmentReport']['reason']>;

const FINISHING: Readonly<Record<EndReason, Move>> = {
  'session.idle': moves.idle,
  'performance.finished': moves.finish,
  'room.deleted': moves.roomDeleted,
  'room.closed': moves.roomClosed,
  'worker.removed': moves.workerRemoved,
  'session.max_duration': moves.reachDuration,
};

/** The worker gave up, for a reason that only it knows. */
export function failureMove(failure: NonNullable<Move['failure']>, status: SessionStatus): Move {
  const { code: reason } = failure;
  // Whoever was told to end has ended, however badly: a customer may close the room right after asking.
  if (status === 'ending') return { from: ['ending'], to: 'ended', actor: 'worker', reason };
  return { from: ['starting', 'running'], to: 'failed', actor: 'worker', reason, failure };
}

/** Returns the move of a session whose place in the room another one takes; null where it is over already. */
export function moveToReplace(status: SessionStatus): Move | null {
  return [moves.replaceWaiting, moves.replace].find((move: Move) => move.from.includes(status)) ?? null;
}

/** What a passed deadline means in the state it is in; null where the state has none. */
export function moveAtDeadline(status: SessionStatus, tokenHasExpired: boolean): Move | null {
  if (status === 'queued' && tokenHasExpired) return moves.expireToken;
  const overdue = [moves.giveUpWaiting, moves.missFirstFrame, moves.exceedDuration, moves.exceedDrain];
  return overdue.find((move: Move) => move.from.includes(status)) ?? null;
}

/** What the loss of its worker means for a session; null where it is only free for another worker again. */
export function moveAtWorkerLoss(status: SessionStatus, mayRequeue: boolean): Move | null {
  if (status === 'ending') return moves.loseDraining;
  if (!mayRequeue || status === 'running') return moves.loseWorker;
  return status === 'starting' ? moves.requeue : null;
}

/** What ending a session means in the state it is in; null where there is nothing left to end. */
export function moveToEnd(status: SessionStatus): Move | null {
  return [moves.cancel, moves.drain].find((move: Move) => move.from.includes(status)) ?? null;
}

export function isTerminal(status: SessionStatus): boolean {
  return (TERMINAL_STATUSES as readonly SessionStatus[]).includes(status);
}
