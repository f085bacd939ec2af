import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import type { Passing } from '../harness/gateway.ts';
import type { Program } from '../harness/program.ts';
import { expectAllFree, settled } from '../harness/settled.ts';
import { startSystem, type System } from '../harness/system.ts';

jest.setTimeout(150_000);

const RUN = ['starting worker.starting', 'running worker.first_frame'];
const CREATED = 'queued session.created';

let system: System;
let worker: Program;

beforeEach(async () => {
  system = await startSystem();
  worker = await system.startWorker();
});
afterEach(async () => {
  await system[Symbol.asyncDispose]();
});

const isReport = (passing: Passing, state: string) =>
  passing.path.endsWith('/report') && passing.body.includes(`"state":"${state}"`);

const mediaMs = (passing: Passing) => Number(/"media_ms":(\d+)/.exec(passing.body)?.[1]);

/** A report of a performance that has gone on for seconds. */
const hasPerformed = (passing: Passing) => isReport(passing, 'running') && mediaMs(passing) >= 1000;

test('a session whose worker is killed before the first frame is performed by another, and costs what that one performs', async () => {
  const killed = system.gateway.insteadOf(
    (passing) => isReport(passing, 'running'),
    () => worker.kill('SIGKILL'),
  );
  const { id } = await system.create();
  await killed;
  await system.startWorker();
  const { session, history } = await settled(system.greenroom, id);
  expect(history).toEqual([
    ...[CREATED, 'starting worker.starting', 'queued worker.lost'],
    ...[...RUN, 'ending session.idle', 'ended worker.left'],
  ]);
  expect(session.usage).toEqual({ billable_seconds: 11, frames: 276 });
  await expectAllFree(system.greenroom);
});

test('a session whose worker is killed after the first frame fails with worker.lost, and costs what was reported', async () => {
  const { id } = await system.create({ idle_timeout_seconds: 30 });
  const heard = await system.gateway.after(hasPerformed, () => undefined);
  await system.gateway.insteadOf(hasPerformed, () => worker.kill('SIGKILL'));
  const { session, history } = await settled(system.greenroom, id);
  expect(history).toEqual([CREATED, ...RUN, 'failed worker.lost']);
  expect(session.failure?.code).toBe('worker.lost');
  expect(session.usage.billable_seconds).toBe(Math.floor(mediaMs(heard) / 1000));
  await expectAllFree(system.greenroom);
});

test('a worker that was paused past its lease leaves the room, is not heard, and performs others', async () => {
  const { id } = await system.create({ idle_timeout_seconds: 30 });
  await system.gateway.after(hasPerformed, () => worker.kill('SIGSTOP'));
  const { session, history } = await settled(system.greenroom, id);
  expect(history).toEqual([CREATED, ...RUN, 'failed worker.lost']);

  worker.kill('SIGCONT');
  await worker.printed(new RegExp(`"session":"${id}".*"assignment lost"`));
  expect(await system.greenroom.sessions.get(id)).toEqual(session);
  const another = await system.create();
  expect((await settled(system.greenroom, another.id)).session.usage.billable_seconds).toBe(11);
  await expectAllFree(system.greenroom);
});

test('SIGTERM drains a session with a first frame, releases any other, and stops the worker', async () => {
  const seen = await system.create({ idle_timeout_seconds: 30 });
  await system.gateway.after(hasPerformed, () => undefined);
  const stopped = system.gateway.after(
    (passing) => isReport(passing, 'starting'),
    () => worker.kill('SIGTERM'),
  );
  const unseen = await system.create();
  await stopped;
  expect(await worker.exited).toBe(0);
  expect(worker.output()).not.toContain('"level":50');

  const { session, history } = await settled(system.greenroom, seen.id);
  expect(history).toEqual([CREATED, ...RUN, 'ending performance.finished', 'ended worker.left']);
  expect(session.usage.billable_seconds).toBeGreaterThan(0);

  await system.startWorker();
  const { session: performed } = await settled(system.greenroom, unseen.id);
  expect(performed).toMatchObject({ status: 'ended', usage: { billable_seconds: 11 } });
  await expectAllFree(system.greenroom);
});

test('a worker ends when the process that started it is gone', async () => {
  await system.create({ idle_timeout_seconds: 30 });
  await system.gateway.after(hasPerformed, () => undefined);
  worker.process.disconnect();
  await worker.exited;
});
