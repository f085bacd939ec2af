import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from '@greenroom/testing';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';

import { keyFile } from '../src/control-plane/worker-key.ts';
import type { Runtime } from '../src/runtime.ts';
import { simulator } from '../src/simulator/simulator.ts';
import { assignmentWith } from './harness/assignment.ts';
import { KEY } from './harness/control-plane-server.ts';
import { startWorker, startWorkerWith } from './harness/worker.ts';

test('a worker registers with what it is and can do, and waits for a session', async () => {
  await using stage = await startWorker({ slots: 3 });
  await until(() => stage.server.waitingClaims() === 1);
  expect(stage.server.registrations).toEqual([
    { name: 'test', runtime_type: 'staged', qualities: ['standard'], slots: 3, version: '0.0.0' },
  ]);
});

test('it performs as many sessions as it has slots, and takes the next when one is over', async () => {
  await using stage = await startWorker({ slots: 2 });
  for (let count = 0; count < 3; count += 1)
    stage.server.assign(assignmentWith({ report_interval_seconds: 1 }));
  // Each has been reported twice, so a third claim would have come long ago.
  await until(() => stage.server.reports.length >= 4);
  expect(stage.runtime.performances.length).toBe(2);
  expect(stage.server.waitingClaims()).toBe(0);
  stage.runtime.performances[0]?.end({ state: 'ended' });
  await until(() => stage.runtime.performances.length === 3);
});

test('it claims again after a wait in vain', async () => {
  await using stage = await startWorker();
  await until(() => stage.server.waitingClaims() === 1);
  stage.server.endWaits();
  await until(() => stage.server.waitingClaims() === 1);
});

test('when many sessions come at once it claims several at a time, and fewer when they stop', async () => {
  await using stage = await startWorker({ slots: 200 });
  await until(() => stage.server.waitingClaims() === 1);
  for (let count = 0; count < 100; count += 1) stage.server.assign(assignmentWith());
  await until(() => stage.runtime.performances.length === 100);
  await until(() => stage.server.waitingClaims() === 8);
  stage.server.endWaits();
  await until(() => stage.server.waitingClaims() > 0);
  const last = assignmentWith({ report_interval_seconds: 1 });
  stage.server.assign(last);
  // One more for the session that came. It has been reported twice, so others would have come long ago.
  await until(
    () => stage.server.reports.filter(({ sessionId }) => sessionId === last.session.id).length === 2,
  );
  expect(stage.server.waitingClaims()).toBe(2);
});

test('a worker that the server does not know registers again, once', async () => {
  await using stage = await startWorker();
  await until(() => stage.server.waitingClaims() === 1);
  for (let count = 0; count < 5; count += 1) stage.server.assign(assignmentWith());
  await until(() => stage.server.waitingClaims() > 4);
  stage.server.forgetWorkers();
  stage.server.endWaits();
  await until(() => stage.server.waitingClaims() > 0);
  expect(stage.server.registrations.length).toBe(2);
});

test.each(['drop', { status: 503, code: 'draining' }] as const)(
  'it claims again when the server is back after %j',
  async (how) => {
    await using stage = await startWorker();
    await until(() => stage.server.waitingClaims() === 1);
    stage.server.fail(how);
    stage.server.endWaits();
    await stage.server.requests(3);
    stage.server.fail(null);
    await until(() => stage.server.waitingClaims() === 1);
  },
);

test('a key in a file is waited for, and read again when the server refuses it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'greenroom-worker-key-'));
  try {
    const path = join(folder, 'worker.key');
    const logLines: string[] = [];
    const log = pino(
      {},
      {
        write(line: string) {
          logLines.push(line);
        },
      },
    );
    await using stage = await startWorker({ key: keyFile(path, log) });
    await until(() => logLines.join('').includes('waiting for the worker key file'));
    expect(stage.server.registrations).toEqual([]);
    await writeFile(path, `${KEY}\n`);
    await until(() => stage.server.waitingClaims() === 1);

    stage.server.setKey('wk_another');
    stage.server.endWaits();
    await stage.server.requests(2);
    await writeFile(path, 'wk_another');
    await until(() => stage.server.waitingClaims() === 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a runtime that throws fails its session and no other', async () => {
  const broken: Runtime = {
    ...simulator,
    perform(assignment, ...others) {
      if (assignment.session.metadata['broken'] === true) throw new Error('no canvas');
      return simulator.perform(assignment, ...others);
    },
  };
  await using stage = await startWorkerWith(broken);
  const good = assignmentWith();
  stage.server.assign(assignmentWith({ session: { metadata: { broken: true } } }));
  stage.server.assign(good);
  const failed = await stage.server.report(({ state }) => state === 'failed');
  expect(failed.failure).toEqual({ code: 'runtime.error', message: 'The runtime failed: no canvas' });
  await stage.server.report(({ state, sessionId }) => state === 'running' && sessionId === good.session.id);
});

test('a worker that stops claims no more, drains a session with a first frame and releases any other', async () => {
  await using stage = await startWorker();
  const [seen, unseen] = [assignmentWith(), assignmentWith()];
  for (const assignment of [seen, unseen]) stage.server.assign(assignment);
  await until(() => stage.runtime.performances.length === 2);
  const [first, second] = stage.runtime.performances;
  first?.advance({ firstFrameAt: new Date(), frames: 1 });
  await stage.server.report(({ state }) => state === 'running');

  const stopped = stage.worker.stop();
  await stage.server.report(({ state }) => state === 'ending');
  expect(first?.told).toEqual(['drain']);
  expect(second?.told).toEqual(['abort']);
  first?.end({ state: 'ended' });
  await stopped;
  const final = stage.server.reports.filter(({ state }) => state === 'ended' || state === 'failed');
  expect(final.map(({ sessionId }) => sessionId)).toEqual([seen.session.id]);
  expect(stage.server.waitingClaims()).toBe(0);
});

test('a worker that crashes leaves its rooms and says that it crashed', async () => {
  await using stage = await startWorker();
  stage.server.assign(assignmentWith());
  await until(() => stage.runtime.performances.length === 1);
  await stage.worker.crash('The worker stopped on an error: boom');
  const failed = await stage.server.report(({ state }) => state === 'failed');
  expect(failed.failure).toEqual({
    code: 'worker.crashed',
    message: 'The worker stopped on an error: boom',
  });
});
