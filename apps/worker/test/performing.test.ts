import { until } from '@greenroom/testing';
import { expect, test } from '@jest/globals';

import { assignmentWith, TOKEN } from './harness/assignment.ts';
import { KEY } from './harness/control-plane-server.ts';
import { startWorker, type TestWorkerOptions } from './harness/worker.ts';

/** A worker that has begun to perform one assignment. */
async function performing(options: TestWorkerOptions & Parameters<typeof assignmentWith>[0] = {}) {
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
  if (performance === undefined) throw new Error('It performs nothing');
  return { ...started, assignment, performance, id: assignment.session.id };
}

/** A report that the server holds for so long that what does not wait for it is seen. */
const LONG_WAIT = { leaseSeconds: 120, report_interval_seconds: 30 };
const FIRST_FRAME = { firstFrameAt: new Date('2026-03-12T09:32:11.809Z'), frames: 1, mediaMs: 0 };

test('a claimed session is reported as starting at once, with its fence', async () => {
  await using stage = await performing({ fence: 7 });
  expect(stage.server.reports).toEqual([
    expect.objectContaining({ fence: 7, state: 'starting', frames: 0, media_ms: 0, wait_seconds: 5 }),
  ]);
  expect(stage.server.reports[0]).not.toHaveProperty('first_frame_at');
});

test('a change is reported at once and supersedes a waiting report', async () => {
  await using stage = await performing(LONG_WAIT);
  stage.performance.advance(FIRST_FRAME);
  const running = await stage.server.report(({ state }) => state === 'running');
  expect(running).toMatchObject({ first_frame_at: '2026-03-12T09:32:11.809Z', frames: 1 });
  expect(running.atMs - (stage.server.reports[0]?.atMs ?? 0)).toBeLessThan(25_000);
});

test.each([
  ['five minutes behind', 300_000],
  ['an hour ahead', -3_600_000],
])('a worker whose clock is %s reports times by the clock of the server', async (_name, aheadMs) => {
  const claimedAtMs = Date.now();
  await using stage = await performing({ assigned_at: new Date(claimedAtMs + aheadMs).toISOString() });
  stage.performance.advance({ frames: 1, mediaMs: 40, firstFrameAt: new Date() });
  const running = await stage.server.report(({ state }) => state === 'running');
  stage.performance.end({ state: 'ended' });
  const ended = await stage.server.report(({ state }) => state === 'ended');
  for (const time of [running.started_at, running.first_frame_at, ended.ended_at]) {
    const byServerMs = Date.parse(time ?? '') - aheadMs;
    expect(byServerMs).toBeGreaterThan(claimedAtMs - 60_000);
    expect(byServerMs).toBeLessThan(Date.now() + 60_000);
  }
});

test('reports come at least once in each interval', async () => {
  await using stage = await performing({ report_interval_seconds: 1 });
  await until(() => stage.server.reports.length >= 4);
  const times = stage.server.reports.map(({ atMs }) => atMs);
  const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  for (const gap of gaps) expect(gap).toBeGreaterThan(900);
  for (const gap of gaps) expect(gap).toBeLessThan(10_000);
});

test('a drain is heard at once, said to the performance once, and ends with its outcome', async () => {
  await using stage = await performing(LONG_WAIT);
  stage.performance.advance(FIRST_FRAME);
  await stage.server.report(({ state }) => state === 'running');
  stage.server.direct(stage.id, 'drain');
  await until(() => stage.performance.told.length > 0);
  const ending = await stage.server.report(({ state }) => state === 'ending');
  expect(ending).not.toHaveProperty('reason');
  stage.performance.advance({ frames: 51, mediaMs: 2000.7 });
  stage.performance.end({ state: 'ended' });
  const ended = await stage.server.report(({ state }) => state === 'ended');
  expect(ended).toMatchObject({ frames: 51, media_ms: 2000, ended_at: expect.any(String) });
  expect(stage.performance.told).toEqual(['drain']);
});

test('while it drains it reports at a calm pace', async () => {
  await using stage = await performing();
  stage.server.direct(stage.id, 'drain');
  const draining = () => stage.server.reports.filter(({ state }) => state === 'ending');
  await until(() => draining().length === 3);
  const [first = 0, second = 0, third = 0] = draining().map(({ atMs }) => atMs);
  expect(second - first).toBeGreaterThan(900);
  expect(third - second).toBeGreaterThan(900);
});

test('an abort is heard at once and ends the performance', async () => {
  await using stage = await performing();
  stage.server.direct(stage.id, 'abort');
  await stage.server.report(({ state }) => state === 'ended');
  expect(stage.performance.told).toEqual(['abort']);
});

test('a performance that ends by itself says why', async () => {
  await using stage = await performing();
  stage.performance.advance({ ...FIRST_FRAME, ending: 'session.idle' });
  expect(await stage.server.report(({ state }) => state === 'ending')).toMatchObject({
    reason: 'session.idle',
  });
  stage.performance.end({ state: 'ended', reason: 'session.idle' });
  expect(await stage.server.report(({ state }) => state === 'ended')).toMatchObject({
    reason: 'session.idle',
  });
});

test('a failure is reported with its code, and a message that the server takes', async () => {
  await using stage = await performing();
  stage.performance.end({
    state: 'failed',
    failure: { code: 'room.disconnected', message: 'x'.repeat(2000) },
  });
  const failed = await stage.server.report(({ state }) => state === 'failed');
  expect(failed.failure).toEqual({ code: 'room.disconnected', message: 'x'.repeat(500) });
});

test('a lost assignment ends the performance at once and nothing more is reported', async () => {
  await using stage = await performing();
  stage.performance.advance(FIRST_FRAME);
  await stage.server.report(({ state }) => state === 'running');
  stage.server.fail({ status: 409, code: 'assignment.lost' });
  stage.performance.advance({ frames: 2 });
  await until(() => stage.logLines.join('').includes('assignment lost'));
  stage.server.fail(null);
  const count = stage.server.reports.length;
  const next = assignmentWith();
  stage.server.assign(next);
  await stage.server.report(({ sessionId }) => sessionId === next.session.id);
  expect(stage.performance.told).toEqual(['abort']);
  expect(stage.server.reports.filter(({ sessionId }) => sessionId === stage.id)).toHaveLength(count);
});

test.each(['silence', 'drop'] as const)(
  'a worker whose reports meet %s for the length of the lease leaves the room by itself',
  async (how) => {
    const beganAtMs = performance.now();
    await using stage = await performing({ leaseSeconds: 2, report_interval_seconds: 1 });
    stage.server.fail(how);
    await until(() => stage.performance.told.includes('abort'));
    // The lease runs from the assignment, or from a response that comes after.
    expect(performance.now() - Math.max(beganAtMs, stage.server.respondedAtMs)).toBeGreaterThanOrEqual(2000);
  },
);

test.each([
  { status: 503, code: 'draining' },
  { status: 503, code: 'database.unavailable' },
  { status: 500, code: 'internal' },
] as const)('reports are sent again until they are answered, after $status $code too', async (failure) => {
  await using stage = await performing({ report_interval_seconds: 1 });
  stage.server.fail(failure);
  await stage.server.requests(3);
  stage.server.fail(null);
  stage.performance.advance(FIRST_FRAME);
  await stage.server.report(({ state }) => state === 'running');
  expect(stage.performance.told).toEqual([]);
});

test('the final report is sent again until it is answered', async () => {
  await using stage = await performing();
  stage.server.fail('drop');
  stage.performance.advance({ ...FIRST_FRAME, frames: 26, mediaMs: 1000 });
  stage.performance.end({ state: 'ended', reason: 'performance.finished' });
  await stage.server.requests(3);
  stage.server.fail(null);
  expect(await stage.server.report(({ state }) => state === 'ended')).toMatchObject({ media_ms: 1000 });
});

test('a worker that was cut off reports nothing, does not notice, and reports again afterwards', async () => {
  const lease = { leaseSeconds: 3, report_interval_seconds: 1 };
  await using stage = await performing(lease);
  stage.performance.advance({ ...FIRST_FRAME, cutOff: true });
  // Another that goes on for longer than the lease.
  const other = assignmentWith({ lease_seconds: lease.leaseSeconds, report_interval_seconds: 1 });
  stage.server.assign(other);
  const reportsOf = (id: string) => stage.server.reports.filter(({ sessionId }) => sessionId === id);
  await until(() => reportsOf(other.session.id).length === 1);
  const count = reportsOf(stage.id).length;
  await until(() => reportsOf(other.session.id).length === 5);
  expect(reportsOf(stage.id)).toHaveLength(count);
  expect(stage.performance.told).toEqual([]);
  stage.performance.advance({ cutOff: false });
  await stage.server.report(({ state }) => state === 'running');
});

test('neither the key nor the customer’s token is ever logged', async () => {
  await using stage = await performing();
  stage.server.fail({ status: 500, code: 'internal' });
  stage.performance.advance(FIRST_FRAME);
  await stage.server.requests(1);
  stage.server.fail(null);
  stage.performance.end({ state: 'failed', failure: { code: 'runtime.error', message: 'It broke.' } });
  await stage.server.report(({ state }) => state === 'failed');
  await until(() => stage.logLines.join('').includes('It broke.'));
  expect(stage.logLines.join('')).not.toContain(TOKEN);
  expect(stage.logLines.join('')).not.toContain(KEY);
});
