import { failureCodeValues, lifecycle, sessionStatusValues } from '@greenroom/contract';
import { expect, test } from '@jest/globals';

import {
  deadlineTransition,
  endTransition,
  failureTransition,
  finishTransition,
  LIVE_STATUSES,
  replaceTransition,
  TERMINAL_STATUSES,
  TRANSITIONS,
  workerLossTransition,
  type DocumentedTransition,
  type Transition,
} from './lifecycle.ts';

const documented = Object.values<DocumentedTransition>(lifecycle.transitions);
const END_REASONS = [
  ...['session.idle', 'performance.finished', 'room.deleted'],
  ...['room.closed', 'worker.removed', 'agent.left', 'session.max_duration'],
  ...['client.left', 'client.never_connected'],
] as Parameters<typeof finishTransition>[0][];

function isDocumented({ from, to, actor, reason }: DocumentedTransition): boolean {
  return documented.some(
    (one) =>
      one.from === from &&
      one.to === to &&
      one.actor === actor &&
      (one.reason === reason ||
        (one.reason === 'failure.code' && failureCodeValues.some((code) => code === reason))),
  );
}

/** Every transition that the lifecycle chooses for a status. */
const made = sessionStatusValues.map((status) => {
  const either = [true, false];
  const candidates: (Transition | null)[] = [
    ...either.flatMap((tokenHasExpired) =>
      either.map((isOverWebSocket) => deadlineTransition(status, { tokenHasExpired, isOverWebSocket })),
    ),
    ...either.map((mayRequeue) => workerLossTransition(status, mayRequeue)),
    endTransition(status),
    replaceTransition(status),
    ...failureCodeValues.map((code) => failureTransition({ code, message: 'It broke.' }, status)),
    ...END_REASONS.map((reason) => finishTransition(reason)),
  ];
  return { status, transitions: candidates.filter((transition) => transition !== null) };
});

test('every chosen transition is one of the document', () => {
  expect(made.flatMap((one) => one.transitions).filter((transition) => !isDocumented(transition))).toEqual(
    [],
  );
});

test('every transition of the document can happen', () => {
  // Chosen by name, where a session is created, given up, claimed and reported.
  const named: DocumentedTransition[] = [
    TRANSITIONS.enqueue,
    TRANSITIONS.abandon,
    TRANSITIONS.start,
    TRANSITIONS.firstFrame,
    TRANSITIONS.leave,
  ];
  const possible = made.flatMap(({ status, transitions: all }) =>
    all.filter(({ from }: DocumentedTransition) => from.includes(status)),
  );
  const covered = [...named, ...possible].map(({ from }) => from);
  expect(documented.filter(({ from }) => !covered.includes(from))).toEqual([]);
});

test('no transition leaves a terminal status', () => {
  const left = new Set(documented.flatMap(({ from }) => from));
  expect([...left].sort()).toEqual([...LIVE_STATUSES].sort());
  expect(TERMINAL_STATUSES.filter((status) => left.has(status))).toEqual([]);
});
