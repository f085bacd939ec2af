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

test('a worker registers its runtime and slots, and waits for a session', async () => {
  await using harness = await startWorker({ slots: 3 });
  await until(() => harness.server.waitingClaims() === 1);
  expect(harness.server.registrations).toEqual([
    {
      name: 'test',
      runtime_type: 'fake',
      qualities: ['standard'],
      slots: 3,
      version: '0.0.0',
      media_url: null,
    },
  ]);
});

test('a worker performs as many sessions as it has slots, and claims the next when one ends', async () => {
  await using harness = await startWorker({ slots: 2 });
  for (let count = 0; count < 3; count += 1) {
    harness.server.assign(assignmentWith({ report_interval_seconds: 1 }));
  }
  // Both sessions were reported twice, so a third claim would have arrived by now.
  await until(() => harness.server.reports.length >= 4);
  expect(harness.runtime.performances.length).toBe(2);
  expect(harness.server.waitingClaims()).toBe(0);
  harness.runtime.performances[0]?.end({ state: 'ended' });
  await until(() => harness.runtime.performances.length === 3);
});

test('a worker claims again after a claim without a session', async () => {
  await using harness = await startWorker();
  await until(() => harness.server.waitingClaims() === 1);
  harness.server.endWaits();
  await until(() => harness.server.waitingClaims() === 1);
});

test('a worker sends several claims at once while many sessions arrive, and fewer afterwards', async () => {
  await using harness = await startWorker({ slots: 200 });
  await until(() => harness.server.waitingClaims() === 1);
  for (let count = 0; count < 100; count += 1) harness.server.assign(assignmentWith());
  await until(() => harness.runtime.performances.length === 100);
  await until(() => harness.server.waitingClaims() === 8);
  harness.server.endWaits();
  await until(() => harness.server.waitingClaims() > 0);
  const last = assignmentWith({ report_interval_seconds: 1 });
  harness.server.assign(last);
  // One more claim follows the new session. It was reported twice, so further claims would have arrived by now.
  await until(
    () => harness.server.reports.filter(({ sessionId }) => sessionId === last.session.id).length === 2,
  );
  expect(harness.server.waitingClaims()).toBe(2);
});

test('a worker that the server no longer knows registers again once', async () => {
  await using harness = await startWorker();
  await until(() => harness.server.waitingClaims() === 1);
  for (let count = 0; count < 5; count += 1) harness.server.assign(assignmentWith());
  await until(() => harness.server.waitingClaims() > 4);
  harness.server.forgetWorkers();
  harness.server.endWaits();
  await until(() => harness.server.waitingClaims() > 0);
  expect(harness.server.registrations.length).toBe(2);
});

test.each(['drop', { status: 503, code: 'draining' }] as const)(
  'a worker claims again when the server recovers from %j',
  async (how) => {
    await using harness = await startWorker();
    await until(() => harness.server.waitingClaims() === 1);
    harness.server.fail(how);
    harness.server.endWaits();
    await harness.server.requests(3);
    harness.server.fail(null);
    await until(() => harness.server.waitingClaims() === 1);
  },
);

test('a worker waits for its key file, and reads it again when the server rejects the key', async () => {
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
    await using harness = await startWorker({ key: keyFile(path, log) });
    await until(() => logLines.join('').includes('waiting for the worker key file'));
    expect(harness.server.registrations).toEqual([]);
    await writeFile(path, `${KEY}\nwk_second`);
    await until(() => logLines.join('').includes('no valid key'));
    expect(logLines.join('')).not.toContain('wk_');
    await writeFile(path, `${KEY}\n`);
    await until(() => harness.server.waitingClaims() === 1);

    harness.server.setKey('wk_another');
    harness.server.endWaits();
    await harness.server.requests(2);
    await writeFile(path, 'wk_another');
    await until(() => harness.server.waitingClaims() === 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an error of the runtime fails only its session', async () => {
  const broken: Runtime = {
    ...simulator,
    perform(assignment, ...others) {
      if (assignment.session.metadata['broken'] === true) throw new Error('no canvas');
      return simulator.perform(assignment, ...others);
    },
  };
  await using harness = await startWorkerWith(broken);
  const good = assignmentWith();
  harness.server.assign(assignmentWith({ session: { metadata: { broken: true } } }));
  harness.server.assign(good);
  const failed = await harness.server.report(({ state }) => state === 'failed');
  expect(failed.failure).toEqual({ code: 'runtime.error', message: 'The runtime failed: no canvas' });
  await harness.server.report(({ state, sessionId }) => state === 'running' && sessionId === good.session.id);
});

test('a worker that stops ends its claims, drains sessions with a first frame or a client, and releases the others', async () => {
  await using harness = await startWorker();
  const [seen, unseen] = [assignmentWith(), assignmentWith()];
  const bound = { ...assignmentWith(), media_token: 'mt_of_a_client' };
  for (const assignment of [seen, unseen, bound]) {
    const { length } = harness.runtime.performances;
    harness.server.assign(assignment);
    await until(() => harness.runtime.performances.length > length);
  }
  const [first, second, third] = harness.runtime.performances;
  first?.advance({ firstFrameAt: new Date(), frames: 1 });
  await harness.server.report(({ state }) => state === 'running');

  const stopped = harness.worker.stop();
  await harness.server.report(({ state }) => state === 'ending');
  expect(first?.commands).toEqual(['drain']);
  expect(second?.commands).toEqual(['abort']);
  expect(third?.commands).toEqual(['drain']);
  for (const each of [first, third]) each?.end({ state: 'ended' });
  await stopped;
  const final = harness.server.reports.filter(({ state }) => state === 'ended' || state === 'failed');
  expect(final.map(({ sessionId }) => sessionId).toSorted()).toEqual(
    [seen.session.id, bound.session.id].toSorted(),
  );
  expect(harness.server.waitingClaims()).toBe(0);
});

test('a worker that crashes leaves its rooms and reports the crash', async () => {
  await using harness = await startWorker();
  harness.server.assign(assignmentWith());
  await until(() => harness.runtime.performances.length === 1);
  await harness.worker.crash('The worker stopped on an error: boom');
  const failed = await harness.server.report(({ state }) => state === 'failed');
  expect(failed.failure).toEqual({
    code: 'worker.crashed',
    message: 'The worker stopped on an error: boom',
  });
});
