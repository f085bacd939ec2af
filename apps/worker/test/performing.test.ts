import { until } from '@greenroom/testing';
import { expect, test } from '@jest/globals';

import { assignmentWith, TOKEN } from './harness/assignment.ts';
import { KEY } from './harness/control-plane-server.ts';
import { startWorker, type TestWorkerOptions } from './harness/worker.ts';

/** Starts a worker that performs one assignment. */
async function startPerforming(options: TestWorkerOptions & Parameters<typeof assignmentWith>[0] = {}) {
  const { slots, leaseSeconds, ...fields } = options;
  const started = await startWorker({
    ...(slots !== undefined && { slots }),
    ...(leaseSeconds !== undefined && { leaseSeconds }),
  });
  const assignment = assignmentWith({
    ...(leaseSeconds !== undefined && { lease_seconds: leaseSeconds }),
    ...fields,
  });
  started.server.assign(assignment);
  await started.server.report(() => true);
  const [performance] = started.runtime.performances;
  if (performance === undefined) throw new Error('The worker performs nothing');
  return { ...started, assignment, performance, id: assignment.session.id };
}

/** The server holds reports so long that a test can tell a report that does not wait. */
const LONG_WAIT = { leaseSeconds: 120, report_interval_seconds: 30 };
const FIRST_FRAME = { firstFrameAt: new Date('2026-03-12T09:32:11.809Z'), frames: 1, mediaMs: 0 };

test('a claimed session is reported as starting at once, with its fence', async () => {
  await using harness = await startPerforming({ fence: 7 });
  expect(harness.server.reports).toEqual([
    expect.objectContaining({ fence: 7, state: 'starting', frames: 0, media_ms: 0, wait_seconds: 5 }),
  ]);
  expect(harness.server.reports[0]).not.toHaveProperty('first_frame_at');
});

test('a change is reported at once and supersedes a waiting report', async () => {
  await using harness = await startPerforming(LONG_WAIT);
  harness.performance.advance(FIRST_FRAME);
  const running = await harness.server.report(({ state }) => state === 'running');
  expect(running).toMatchObject({ first_frame_at: '2026-03-12T09:32:11.809Z', frames: 1 });
  expect(running.atMs - (harness.server.reports[0]?.atMs ?? 0)).toBeLessThan(25_000);
});

test.each([
  ['five minutes behind', 300_000],
  ['an hour ahead', -3_600_000],
])('a worker whose clock is %s reports times by the clock of the server', async (_name, aheadMs) => {
  const claimedAtMs = Date.now();
  await using harness = await startPerforming({ assigned_at: new Date(claimedAtMs + aheadMs).toISOString() });
  harness.performance.advance({ frames: 1, mediaMs: 40, firstFrameAt: new Date() });
  const running = await harness.server.report(({ state }) => state === 'running');
  harness.performance.end({ state: 'ended' });
  const ended = await harness.server.report(({ state }) => state === 'ended');
  for (const time of [running.started_at, running.first_frame_at, ended.ended_at]) {
    const byServerMs = Date.parse(time ?? '') - aheadMs;
    expect(byServerMs).toBeGreaterThan(claimedAtMs - 60_000);
    expect(byServerMs).toBeLessThan(Date.now() + 60_000);
  }
});

test('a worker reports at least once in each interval', async () => {
  await using harness = await startPerforming({ report_interval_seconds: 1 });
  await until(() => harness.server.reports.length >= 4);
  const times = harness.server.reports.map(({ atMs }) => atMs);
  const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  for (const gap of gaps) expect(gap).toBeGreaterThan(900);
  for (const gap of gaps) expect(gap).toBeLessThan(10_000);
});

test('a drain arrives at once, reaches the performance once, and its outcome is reported', async () => {
  await using harness = await startPerforming(LONG_WAIT);
  harness.performance.advance(FIRST_FRAME);
  await harness.server.report(({ state }) => state === 'running');
  harness.server.direct(harness.id, 'drain');
  await until(() => harness.performance.commands.length > 0);
  const ending = await harness.server.report(({ state }) => state === 'ending');
  expect(ending).not.toHaveProperty('reason');
  harness.performance.advance({ frames: 51, mediaMs: 2000.7 });
  harness.performance.end({ state: 'ended' });
  const ended = await harness.server.report(({ state }) => state === 'ended');
  expect(ended).toMatchObject({ frames: 51, media_ms: 2000, ended_at: expect.any(String) });
  expect(harness.performance.commands).toEqual(['drain']);
});

test('a draining worker reports at most once a second', async () => {
  await using harness = await startPerforming();
  harness.server.direct(harness.id, 'drain');
  const draining = () => harness.server.reports.filter(({ state }) => state === 'ending');
  await until(() => draining().length === 3);
  const [first = 0, second = 0, third = 0] = draining().map(({ atMs }) => atMs);
  expect(second - first).toBeGreaterThan(900);
  expect(third - second).toBeGreaterThan(900);
});

test('an abort arrives at once and ends the performance', async () => {
  await using harness = await startPerforming();
  harness.server.direct(harness.id, 'abort');
  await harness.server.report(({ state }) => state === 'ended');
  expect(harness.performance.commands).toEqual(['abort']);
});

test('a performance that ends by itself reports the reason', async () => {
  await using harness = await startPerforming();
  harness.performance.advance({ ...FIRST_FRAME, ending: 'session.idle' });
  expect(await harness.server.report(({ state }) => state === 'ending')).toMatchObject({
    reason: 'session.idle',
  });
  harness.performance.end({ state: 'ended', reason: 'session.idle' });
  expect(await harness.server.report(({ state }) => state === 'ended')).toMatchObject({
    reason: 'session.idle',
  });
});

test('a failure is reported with its code, and a message within the limit of the document', async () => {
  await using harness = await startPerforming();
  harness.performance.end({
    state: 'failed',
    failure: { code: 'room.disconnected', message: 'x'.repeat(2000) },
  });
  const failed = await harness.server.report(({ state }) => state === 'failed');
  expect(failed.failure).toEqual({ code: 'room.disconnected', message: 'x'.repeat(500) });
});

test('a lost assignment ends the performance at once, without further reports', async () => {
  await using harness = await startPerforming();
  harness.performance.advance(FIRST_FRAME);
  await harness.server.report(({ state }) => state === 'running');
  harness.server.fail({ status: 409, code: 'assignment.lost' });
  harness.performance.advance({ frames: 2 });
  await until(() => harness.logLines.join('').includes('assignment lost'));
  harness.server.fail(null);
  const count = harness.server.reports.length;
  const next = assignmentWith();
  harness.server.assign(next);
  await harness.server.report(({ sessionId }) => sessionId === next.session.id);
  expect(harness.performance.commands).toEqual(['abort']);
  expect(harness.server.reports.filter(({ sessionId }) => sessionId === harness.id)).toHaveLength(count);
});

test.each(['silence', 'drop'] as const)(
  'a worker whose reports get %s for the length of the lease leaves the room',
  async (how) => {
    const startedAtMs = performance.now();
    await using harness = await startPerforming({ leaseSeconds: 2, report_interval_seconds: 1 });
    harness.server.fail(how);
    await until(() => harness.performance.commands.includes('abort'));
    // The lease starts with the assignment, or with a later response.
    expect(performance.now() - Math.max(startedAtMs, harness.server.respondedAtMs)).toBeGreaterThanOrEqual(
      2000,
    );
  },
);

test.each([
  { status: 503, code: 'draining' },
  { status: 503, code: 'database.unavailable' },
  { status: 500, code: 'internal' },
] as const)('reports are retried until they succeed, after $status $code too', async (failure) => {
  await using harness = await startPerforming({ report_interval_seconds: 1 });
  harness.server.fail(failure);
  await harness.server.requests(3);
  harness.server.fail(null);
  harness.performance.advance(FIRST_FRAME);
  await harness.server.report(({ state }) => state === 'running');
  expect(harness.performance.commands).toEqual([]);
});

test('the final report is retried until it succeeds', async () => {
  await using harness = await startPerforming();
  harness.server.fail('drop');
  harness.performance.advance({ ...FIRST_FRAME, frames: 26, mediaMs: 1000 });
  harness.performance.end({ state: 'ended', reason: 'performance.finished' });
  await harness.server.requests(3);
  harness.server.fail(null);
  expect(await harness.server.report(({ state }) => state === 'ended')).toMatchObject({ media_ms: 1000 });
});

test('a worker that is cut off sends no reports without noticing, and resumes afterwards', async () => {
  const lease = { leaseSeconds: 3, report_interval_seconds: 1 };
  await using harness = await startPerforming(lease);
  harness.performance.advance({ ...FIRST_FRAME, cutOff: true });
  // Another assignment, which lasts longer than the lease.
  const other = assignmentWith({ lease_seconds: lease.leaseSeconds, report_interval_seconds: 1 });
  harness.server.assign(other);
  const reportsOf = (id: string) => harness.server.reports.filter(({ sessionId }) => sessionId === id);
  await until(() => reportsOf(other.session.id).length === 1);
  const count = reportsOf(harness.id).length;
  await until(() => reportsOf(other.session.id).length === 5);
  expect(reportsOf(harness.id)).toHaveLength(count);
  expect(harness.performance.commands).toEqual([]);
  harness.performance.advance({ cutOff: false });
  await harness.server.report(({ state }) => state === 'running');
});

test('neither the key nor the customer’s token is ever logged', async () => {
  await using harness = await startPerforming();
  harness.server.fail({ status: 500, code: 'internal' });
  harness.performance.advance(FIRST_FRAME);
  await harness.server.requests(1);
  harness.server.fail(null);
  harness.performance.end({ state: 'failed', failure: { code: 'runtime.error', message: 'It broke.' } });
  await harness.server.report(({ state }) => state === 'failed');
  await until(() => harness.logLines.join('').includes('It broke.'));
  expect(harness.logLines.join('')).not.toContain(TOKEN);
  expect(harness.logLines.join('')).not.toContain(KEY);
});
