import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { SYSTEM } from '../../src/audit/audit-repository.ts';
import { createWorkerKey } from '../../src/workers/worker-key-service.ts';
import { errorOf } from '../harness/error-response.ts';
import {
  createSession,
  endSession,
  getSession,
  read,
  type List,
  type Schemas,
} from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { nextWait } from '../harness/waits.ts';
import { claimed, registerWorker, type Assignment, type TestWorker } from '../harness/worker.ts';

let server: TestServer;
let worker: TestWorker;

beforeAll(async () => {
  server = await startTestServer();
  worker = await registerWorker(server);
});

afterAll(() => server.close());

async function assigned(fields: Parameters<typeof createSession>[1] = {}): Promise<Assignment> {
  await createSession(server, fields);
  return claimed(worker);
}

async function historyOf({ session: { id } }: Assignment) {
  const { data } = await read<List<Schemas['SessionEvent']>>(server.request(`/v1/sessions/${id}/events`));
  return data.map(({ from, to, actor, reason }) => `${from} ${to} ${actor} ${reason}`);
}

const sessionOf = ({ session }: Assignment) => getSession(server, session.id);

test('a session goes through queued, starting, running, ending and ended, and its history has each step', async () => {
  const assignment = await assigned();
  const startedAt = new Date().toISOString();
  expect(await worker.reported(assignment, { state: 'starting', started_at: startedAt })).toBe('continue');
  expect(await sessionOf(assignment)).toMatchObject({ status: 'starting', started_at: startedAt });
  const firstFrameAt = new Date().toISOString();
  const progress = { frames: 1, media_ms: 40, first_frame_at: firstFrameAt };
  expect(await worker.reported(assignment, progress)).toBe('continue');
  expect(await sessionOf(assignment)).toMatchObject({ status: 'running', first_frame_at: firstFrameAt });

  await endSession(server, assignment.session.id);
  expect(await worker.reported(assignment, { frames: 20, media_ms: 800 })).toBe('drain');
  expect(await worker.reported(assignment, { state: 'ending', frames: 25, media_ms: 1000 })).toBe('drain');
  expect(await worker.reported(assignment, { state: 'ended', frames: 30, media_ms: 1200 })).toBe('abort');
  expect(await sessionOf(assignment)).toMatchObject({
    status: 'ended',
    failure: null,
    usage: { billable_seconds: 1, frames: 30 },
  });
  expect(await historyOf(assignment)).toEqual([
    'created queued customer session.created',
    'queued starting worker worker.starting',
    'starting running worker worker.first_frame',
    'running ending customer session.end_requested',
    'ending ended worker worker.left',
  ]);
});

test('the last report applies the transitions of lost ones', async () => {
  const assignment = await assigned();
  // After the assignment, and in the past by the server's clock.
  const firstFrameAtMs = Date.now() + 1;
  await until(() => Date.now() > firstFrameAtMs + 10);
  const firstFrameAt = new Date(firstFrameAtMs).toISOString();
  const last = { frames: 50, media_ms: 2000, first_frame_at: firstFrameAt, reason: 'session.idle' } as const;
  expect(await worker.reported(assignment, { state: 'ended', ...last })).toBe('abort');
  expect(await sessionOf(assignment)).toMatchObject({
    status: 'ended',
    first_frame_at: firstFrameAt,
    usage: { billable_seconds: 2, frames: 50 },
  });
  expect(await historyOf(assignment)).toEqual([
    'created queued customer session.created',
    'queued starting worker worker.starting',
    'starting running worker worker.first_frame',
    'running ending worker session.idle',
    'ending ended worker worker.left',
  ]);
});

test('the first frame of a session that is already ending is recorded', async () => {
  const assignment = await assigned();
  await worker.reported(assignment, { state: 'starting' });
  await endSession(server, assignment.session.id);
  expect(await worker.reported(assignment, { state: 'running', frames: 20, media_ms: 800 })).toBe('drain');
  const { status, first_frame_at: firstFrameAt } = await sessionOf(assignment);
  expect(status).toBe('ending');
  expect(firstFrameAt).not.toBeNull();
});

test('repeated or reordered reports do not revert the state', async () => {
  const assignment = await assigned();
  await worker.reported(assignment, { frames: 40, media_ms: 1600 });
  await worker.reported(assignment, { state: 'starting' });
  await worker.reported(assignment, { frames: 10, media_ms: 400 });
  await worker.reported(assignment, { frames: 40, media_ms: 1600 });
  expect(await sessionOf(assignment)).toMatchObject({
    status: 'running',
    usage: { billable_seconds: 1, frames: 40 },
  });
  const history = await historyOf(assignment);
  expect(history).toHaveLength(3);
});

test('a last report may be repeated, and no other report may follow it', async () => {
  const assignment = await assigned();
  await worker.reported(assignment, { state: 'ended', frames: 5, media_ms: 200 });
  const history = await historyOf(assignment);
  expect(await worker.reported(assignment, { state: 'ended', frames: 5, media_ms: 200 })).toBe('abort');
  expect(await errorOf(await worker.report(assignment, { state: 'running' }))).toMatchObject({
    status: 409,
    code: 'assignment.lost',
  });
  expect(await historyOf(assignment)).toEqual(history);
});

test("a failure has the worker's reason, and delivered media is charged", async () => {
  const assignment = await assigned();
  await worker.reported(assignment, { frames: 40, media_ms: 1600 });
  const failure = { code: 'room.disconnected' as const, message: 'The connection was lost.' };
  expect(await worker.reported(assignment, { state: 'failed', frames: 45, media_ms: 1800, failure })).toBe(
    'abort',
  );
  expect(await sessionOf(assignment)).toMatchObject({
    status: 'failed',
    failure,
    ended_at: null,
    usage: { billable_seconds: 1, frames: 45 },
  });
});

test('a session whose worker fails while it drains ends normally', async () => {
  const assignment = await assigned();
  await worker.reported(assignment, { frames: 1, media_ms: 40 });
  await endSession(server, assignment.session.id);
  const failure = { code: 'room.disconnected' as const, message: 'The connection was lost.' };
  await worker.reported(assignment, { state: 'failed', failure });
  expect(await sessionOf(assignment)).toMatchObject({ status: 'ended', failure: null });
  expect((await historyOf(assignment)).at(-1)).toBe('ending ended worker room.disconnected');
});

test.each([
  ['a failure without the state failed', { failure: { code: 'worker.crashed' as const, message: 'Oops.' } }],
  ['the state failed without a failure', { state: 'failed' as const }],
])('%s is rejected and changes nothing', async (_what, report) => {
  const assignment = await assigned();
  expect(await errorOf(await worker.report(assignment, report))).toMatchObject({
    status: 422,
    code: 'body.invalid',
    param: 'failure',
  });
  expect((await sessionOf(assignment)).status).toBe('queued');
});

test('an older fence, a newer one, another key and an unknown session change nothing', async () => {
  const assignment = await assigned();
  await worker.reported(assignment, {});
  const before = await sessionOf(assignment);
  const { secret: key } = await createWorkerKey(server.database, 'other', SYSTEM);
  const stranger = await registerWorker(server, { key });
  const unknown = {
    ...assignment,
    session: { ...assignment.session, id: 'sess_01KKGP79VG6A09Y83A35BZFNZE' },
  };
  const errors = [
    await worker.report({ ...assignment, fence: assignment.fence + 1 }, { state: 'ended', media_ms: 1000 }),
    await stranger.report(assignment, { state: 'ended', media_ms: 1000 }),
    await worker.report(unknown, {}),
  ];
  expect(await Promise.all(errors.map(errorOf))).toMatchObject([
    { status: 409, code: 'assignment.lost' },
    { status: 404, code: 'session.not_found' },
    { status: 404, code: 'session.not_found' },
  ]);
  expect(await sessionOf(assignment)).toEqual(before);
});

test('ending a session notifies its waiting report, even from another process', async () => {
  const other = await server.another();
  for (const api of [server, other]) {
    const assignment = await assigned();
    await worker.reported(assignment, { frames: 1, media_ms: 40 });
    const waits = nextWait(server);
    const waiting = worker.reported(assignment, { frames: 2, media_ms: 80, wait_seconds: 20 });
    await waits();
    const began = performance.now();
    await endSession(api, assignment.session.id);
    expect(await waiting).toBe('drain');
    expect(performance.now() - began).toBeLessThan(10_000);
  }
  await other.close();
});

test('a waiting report of a canceled session returns that the assignment is lost', async () => {
  const assignment = await assigned();
  await endSession(server, assignment.session.id);
  expect(
    await errorOf(await worker.report(assignment, { state: 'starting', wait_seconds: 5 })),
  ).toMatchObject({
    status: 409,
    code: 'assignment.lost',
  });
  expect((await sessionOf(assignment)).status).toBe('canceled');
});

test('a waiting report returns `continue` after its wait', async () => {
  const assignment = await assigned();
  expect(await worker.reported(assignment, { state: 'starting', wait_seconds: 1 })).toBe('continue');
});

test("times of a worker whose clock is wrong are limited by the server's clock", async () => {
  const assignment = await assigned();
  const before = Date.now() - 1000;
  await worker.reported(assignment, {
    started_at: '2020-01-01T00:00:00.000Z',
    first_frame_at: '2099-01-01T00:00:00.000Z',
  });
  const session = await sessionOf(assignment);
  for (const time of [session.started_at, session.first_frame_at]) {
    expect(Date.parse(time ?? '')).toBeGreaterThan(before);
    expect(Date.parse(time ?? '')).toBeLessThanOrEqual(Date.now());
  }
});

test("the customer's token is in no response but the claim", async () => {
  const assignment = await assigned();
  const response = await worker.report(assignment, {});
  expect(await response.text()).not.toContain(assignment.worker_token);
  expect(server.logLines.join('\n')).not.toContain(assignment.worker_token);
});
