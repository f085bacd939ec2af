import { failureCodeValues, lifecycle, sessionStatusValues } from '@greenroom/contract';
import { expect, test } from '@jest/globals';

import {
  failureMove,
  LIVE_STATUSES,
  moveAtDeadline,
  moveAtWorkerLoss,
  moves,
  moveToEnd,
  moveToFinish,
  moveToReplace,
  TERMINAL_STATUSES,
  type Move,
  type Transition,
} from './lifecycle.ts';

const documented = Object.values<Transition>(lifecycle.transitions);
const END_REASONS = [
  ...['session.idle', 'performance.finished', 'room.deleted'],
  ...['room.closed', 'worker.removed', 'agent.left', 'session.max_duration'],
  ...['client.left', 'client.never_connected'],
] as Parameters<typeof moveToFinish>[0][];

function isDocumented({ from, to, actor, reason }: Transition): boolean {
  return documented.some(
    (one) =>
      one.from === from &&
      one.to === to &&
      one.actor === actor &&
      (one.reason === reason ||
        (one.reason === 'failure.code' && failureCodeValues.some((code) => code === reason))),
  );
}

/** Every move that the lifecycle makes of a status. */
const made = sessionStatusValues.map((status) => {
  const either = [true, false];
  const candidates: (Move | null)[] = [
    ...either.flatMap((tokenHasExpired) =>
      either.map((isOverWebSocket) => moveAtDeadline(status, { tokenHasExpired, isOverWebSocket })),
    ),
    ...either.map((mayRequeue) => moveAtWorkerLoss(status, mayRequeue)),
    moveToEnd(status),
    moveToReplace(status),
    ...failureCodeValues.map((code) => failureMove({ code, message: 'It broke.' }, status)),
    ...END_REASONS.map((reason) => moveToFinish(reason)),
  ];
  return { status, moves: candidates.filter((move) => move !== null) };
});

test('every move is a transition of the document', () => {
  expect(made.flatMap((one) => one.moves).filter((move) => !isDocumented(move))).toEqual([]);
});

test('every transition of the document can happen', () => {
  // Chosen by name, where a session is created, given up, claimed and reported.
  const named: Transition[] = [moves.enqueue, moves.abandon, moves.start, moves.firstFrame, moves.leave];
  const possible = made.flatMap(({ status, moves: all }) =>
    all.filter(({ from }: Transition) => from.includes(status)),
  );
  const covered = [...named, ...possible].map(({ from }) => from);
  expect(documented.filter(({ from }) => !covered.includes(from))).toEqual([]);
});

test('no transition leaves a terminal status', () => {
  const left = new Set(documented.flatMap(({ from }) => from));
  expect([...left].sort()).toEqual([...LIVE_STATUSES].sort());
  expect(TERMINAL_STATUSES.filter((status) => left.has(status))).toEqual([]);
});
