import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import type { Program } from '../harness/program.ts';
import { startSystem, type System } from '../harness/system.ts';
import { expectAllReleased, waitForTerminal, type TerminalSession } from '../harness/wait-for-terminal.ts';

jest.setTimeout(150_000);

const RUN = ['queued session.created', 'starting worker.starting', 'running worker.first_frame'];
const scripts = [
  'none',
  'token_expired',
  'room_unreachable',
  'crash_after_10',
  'heartbeat_gap',
  'worker_never_joins',
] as const;

let system: System;
let worker: Program;
/** The session of each script. All ran at the same time. */
let outcomes: Map<(typeof scripts)[number], TerminalSession>;

beforeAll(async () => {
  system = await startSystem({ env: { GREENROOM_JOIN_DEADLINE_SECONDS: '10' } });
  worker = await system.startWorker();
  outcomes = new Map(
    await Promise.all(
      scripts.map(async (simulate) => {
        const { id } = await system.create({ metadata: simulate === 'none' ? {} : { simulate } });
        return [simulate, await waitForTerminal(system.greenroom, id)] as const;
      }),
    ),
  );
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

function outcome(simulate: (typeof scripts)[number]): TerminalSession {
  const found = outcomes.get(simulate);
  if (found === undefined) throw new Error(`${simulate} was not performed`);
  return found;
}

test('a test session ends when it is idle, and costs its duration', () => {
  const { session, history } = outcome('none');
  expect(history).toEqual([...RUN, 'ending session.idle', 'ended worker.left']);
  expect(session.usage).toEqual({ billable_seconds: 11, frames: 11 * 25 + 1 });
  expect(session.failure).toBeNull();
  const startedAt = Date.parse(session.started_at ?? '');
  expect(startedAt).toBeGreaterThanOrEqual(Date.parse(session.created_at));
  expect(Date.parse(session.first_frame_at ?? '') - startedAt).toBeGreaterThanOrEqual(90);
});

test.each([
  ['token_expired', 'room.token_rejected'],
  ['room_unreachable', 'room.unreachable'],
] as const)('%s fails with %s and costs nothing', (simulate, code) => {
  const { session, history } = outcome(simulate);
  expect(history).toEqual([...RUN.slice(0, 2), `failed ${code}`]);
  expect(session.failure?.code).toBe(code);
  expect(session.first_frame_at).toBeNull();
  expect(session.usage).toEqual({ billable_seconds: 0, frames: 0 });
});

test('crash_after_10 fails with worker.crashed and costs the ten seconds', () => {
  const { session, history } = outcome('crash_after_10');
  expect(history).toEqual([...RUN, 'failed worker.crashed']);
  expect(session.usage.billable_seconds).toBe(10);
});

test('heartbeat_gap fails with worker.lost, costs the reported time, and the worker leaves', async () => {
  const { session, history } = outcome('heartbeat_gap');
  expect(history).toEqual([...RUN, 'failed worker.lost']);
  // Reports stop after two seconds.
  expect(session.usage.billable_seconds).toBeLessThanOrEqual(2);
  await worker.printed(new RegExp(`"session":"${session.id}".*"assignment lost"`));
});

test('worker_never_joins fails with worker.unavailable and costs nothing', () => {
  const { session, history } = outcome('worker_never_joins');
  expect(history).toEqual(['queued session.created', 'failed worker.unavailable']);
  expect(session.usage.billable_seconds).toBe(0);
});

test('end drains a running session', async () => {
  const { id } = await system.create();
  await system.greenroom.sessions.waitFor(id, ['running'], { pollIntervalMs: 20 });
  expect((await system.greenroom.sessions.end(id)).status).toBe('ending');
  await system.greenroom.sessions.waitFor(id, ['ended'], { pollIntervalMs: 20 });
  const { history } = await waitForTerminal(system.greenroom, id);
  expect(history).toEqual([...RUN, 'ending session.end_requested', 'ended worker.left']);
});

test('a session ends at its maximum duration and costs no more', async () => {
  const { id } = await system.create({ max_duration_seconds: 2 });
  const { session, history } = await waitForTerminal(system.greenroom, id);
  expect(history.slice(0, -1)).toEqual([...RUN, 'ending session.max_duration']);
  // Its drain is so short that the deadline may come before the worker's report.
  expect(['ended worker.left', 'ended drain.deadline']).toContain(history.at(-1));
  // The drain is part of the maximum, and the worker may finish early.
  expect([1, 2]).toContain(session.usage.billable_seconds);
});

test('no slots or credits are held, and the bill is the sum of the sessions, when all sessions are over', async () => {
  await expectAllReleased(system.greenroom);
});
