import type { EventActor, FailureCode, SessionStatus } from '@greenroom/contract';

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
  cancel: { from: ['created', 'queued'], to: 'canceled', actor: 'customer', reason: 'session.end_requested' },
  drain: { from: ['starting', 'running'], to: 'ending', actor: 'customer', reason: 'session.end_requested' },
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
} as const satisfies Record<string, Move>;

/** What ending a session means in the state it is in; null where there is nothing left to end. */
export function moveToEnd(status: SessionStatus): Move | null {
  return [moves.cancel, moves.drain].find((move: Move) => move.from.includes(status)) ?? null;
}

export function isTerminal(status: SessionStatus): boolean {
  return (TERMINAL_STATUSES as readonly SessionStatus[]).includes(status);
}
