import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import type { ForwardedRequest } from '../harness/http-proxy.ts';
import type { Program } from '../harness/program.ts';
import { startSystem, type System } from '../harness/system.ts';
import { expectAllReleased, waitForTerminal } from '../harness/wait-for-terminal.ts';

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

const isReport = (request: ForwardedRequest, state: string) =>
  request.path.endsWith('/report') && request.body.includes(`"state":"${state}"`);

const mediaMs = (request: ForwardedRequest) => Number(/"media_ms":(\d+)/.exec(request.body)?.[1]);

/** Returns whether a request reports a session that has run for a second. */
const hasPerformed = (request: ForwardedRequest) => isReport(request, 'running') && mediaMs(request) >= 1000;

test('a session whose worker is killed before the first frame runs on another worker, and costs its time there', async () => {
  const killed = system.proxy.insteadOf(
    (request) => isReport(request, 'running'),
    () => worker.kill('SIGKILL'),
  );
  const { id } = await system.create();
  await killed;
  await system.startWorker();
  const { session, history } = await waitForTerminal(system.greenroom, id);
  expect(history).toEqual([
    ...[CREATED, 'starting worker.starting', 'queued worker.lost'],
    ...[...RUN, 'ending session.idle', 'ended worker.left'],
  ]);
  expect(session.usage).toEqual({ billable_seconds: 11, frames: 276 });
  await expectAllReleased(system.greenroom);
});

test('a session whose worker is killed after the first frame fails with worker.lost, and costs the reported time', async () => {
  const { id } = await system.create({ idle_timeout_seconds: 30 });
  const reported = await system.proxy.after(hasPerformed, () => undefined);
  await system.proxy.insteadOf(hasPerformed, () => worker.kill('SIGKILL'));
  const { session, history } = await waitForTerminal(system.greenroom, id);
  expect(history).toEqual([CREATED, ...RUN, 'failed worker.lost']);
  expect(session.failure?.code).toBe('worker.lost');
  expect(session.usage.billable_seconds).toBe(Math.floor(mediaMs(reported) / 1000));
  await expectAllReleased(system.greenroom);
});

test('a worker that is paused beyond its lease leaves the room, and then performs other sessions', async () => {
  const { id } = await system.create({ idle_timeout_seconds: 30 });
  await system.proxy.after(hasPerformed, () => worker.kill('SIGSTOP'));
  const { session, history } = await waitForTerminal(system.greenroom, id);
  expect(history).toEqual([CREATED, ...RUN, 'failed worker.lost']);

  worker.kill('SIGCONT');
  await worker.printed(new RegExp(`"session":"${id}".*"assignment lost"`));
  expect(await system.greenroom.sessions.get(id)).toEqual(session);
  const another = await system.create();
  expect((await waitForTerminal(system.greenroom, another.id)).session.usage.billable_seconds).toBe(11);
  await expectAllReleased(system.greenroom);
});

test('SIGTERM drains sessions with a first frame, releases the others, and stops the worker', async () => {
  const seen = await system.create({ idle_timeout_seconds: 30 });
  await system.proxy.after(hasPerformed, () => undefined);
  const stopped = system.proxy.after(
    (request) => isReport(request, 'starting'),
    () => worker.kill('SIGTERM'),
  );
  const unseen = await system.create();
  await stopped;
  expect(await worker.exited).toBe(0);
  expect(worker.output()).not.toContain('"level":50');

  const { session, history } = await waitForTerminal(system.greenroom, seen.id);
  expect(history).toEqual([CREATED, ...RUN, 'ending performance.finished', 'ended worker.left']);
  expect(session.usage.billable_seconds).toBeGreaterThan(0);

  await system.startWorker();
  const { session: performed } = await waitForTerminal(system.greenroom, unseen.id);
  expect(performed).toMatchObject({ status: 'ended', usage: { billable_seconds: 11 } });
  await expectAllReleased(system.greenroom);
});

test('a worker exits when the process that started it exits', async () => {
  await system.create({ idle_timeout_seconds: 30 });
  await system.proxy.after(hasPerformed, () => undefined);
  worker.process.disconnect();
  await worker.exited;
});
