import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { accountOf } from '../harness/account.ts';
import {
  createSession,
  endSession,
  getSession,
  read,
  type List,
  type Schemas,
} from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker, type Assignment, type TestWorker } from '../harness/worker.ts';

let server: TestServer;
let worker: TestWorker;
let key: string;

beforeAll(async () => {
  server = await startTestServer();
  worker = await registerWorker(server, { runtime_type: 'livekit' });
  key = (await server.createOrg({ id: 'acme', credits: 100 })).live;
});

afterAll(() => server.close());

async function assigned(fields: Parameters<typeof createSession>[1], since = 0): Promise<Assignment> {
  await createSession(server, fields, key);
  const assignment = await claimed(worker);
  await worker.reported(assignment, {});
  // Moves the first frame into the past, because media cannot be older than it.
  const shift = `UPDATE assignments SET assigned_at = now() - make_interval(secs => $2),
                        first_frame_at = now() - make_interval(secs => $2) WHERE id = $1`;
  await server.database.pool.query(shift, [assignment.session.id, since]);
  return assignment;
}

async function usageEventsOf({ session }: Assignment) {
  const path = `/v1/usage/events?session_id=${session.id}`;
  const { data } = await read<List<Schemas['UsageEvent']>>(server.request(path, { key }));
  return data.reverse();
}

test('a bill starts at the first frame, even if only the last report mentions it', async () => {
  await createSession(server, {}, key);
  const assignment = await claimed(worker);
  const assignedAtMs = Date.now() + 1;
  await until(() => Date.now() > assignedAtMs + 10);
  const firstFrameAt = new Date(assignedAtMs).toISOString();
  const last = { frames: 50, media_ms: 2000, first_frame_at: firstFrameAt };
  await worker.reported(assignment, { state: 'ended', ...last });
  expect(await usageEventsOf(assignment)).toMatchObject([
    {
      billable_seconds: 2,
      interval_start: firstFrameAt,
      interval_end: new Date(assignedAtMs + 2000).toISOString(),
    },
  ]);
});

test('a session is billed each minute, and the rest at its end, rounded up once in total', async () => {
  const before = await accountOf(server, key);
  const assignment = await assigned({ quality: 'pro', max_duration_seconds: 600 }, 150);
  expect((await accountOf(server, key)).credits).toMatchObject({ reserved: 20 });

  await worker.reported(assignment, { frames: 1475, media_ms: 59_000 });
  expect(await usageEventsOf(assignment)).toEqual([]);
  await worker.reported(assignment, { frames: 1525, media_ms: 61_000 });
  expect(await usageEventsOf(assignment)).toMatchObject([
    { billable_seconds: 61, credits: 4, multiplier: 2 },
  ]);
  expect((await accountOf(server, key)).credits).toMatchObject({ reserved: 16 });
  await worker.reported(assignment, { frames: 1525, media_ms: 61_000 });
  await worker.reported(assignment, { state: 'ended', frames: 3125, media_ms: 125_400 });

  const events = await usageEventsOf(assignment);
  expect(events).toMatchObject([
    { billable_seconds: 61, credits: 4 },
    { billable_seconds: 64, credits: 2 },
  ]);
  expect(events[0]?.interval_end).toBe(events[1]?.interval_start);
  const { credits, sessions } = await accountOf(server, key);
  expect(credits).toEqual({
    balance: before.credits.balance - 6,
    reserved: 0,
    available: before.credits.balance - 6,
  });
  expect(sessions.active).toBe(0);
  expect((await getSession(server, assignment.session.id, key)).usage).toEqual({
    billable_seconds: 125,
    frames: 3125,
  });
});

test('a session that delivered nothing costs nothing', async () => {
  const before = await accountOf(server, key);
  const assignment = await assigned({ max_duration_seconds: 600 });
  const failure = { code: 'room.unreachable' as const, message: 'The server did not answer.' };
  await worker.reported(assignment, { state: 'failed', failure });
  expect(await usageEventsOf(assignment)).toEqual([]);
  expect((await accountOf(server, key)).credits).toEqual(before.credits);
});

test('a worker cannot report more media than the time since its first frame', async () => {
  const assignment = await assigned({ max_duration_seconds: 600 });
  await worker.reported(assignment, { frames: 9_007_199_254_740_991, media_ms: 9_007_199_254_740_991 });
  await endSession(server, assignment.session.id, key);
  await worker.reported(assignment, { state: 'ended', frames: 1, media_ms: 9_007_199_254_740_991 });
  const { usage } = await getSession(server, assignment.session.id, key);
  expect(usage.billable_seconds).toBeLessThanOrEqual(5);
});

test('a worker with a late first frame cannot report media from before it', async () => {
  const assignment = await assigned({ max_duration_seconds: 600 });
  const earlier = `UPDATE assignments SET assigned_at = now() - interval '25 s' WHERE id = $1`;
  await server.database.pool.query(earlier, [assignment.session.id]);
  await worker.reported(assignment, { state: 'ended', frames: 2, media_ms: 20_000 });
  const { usage } = await getSession(server, assignment.session.id, key);
  expect(usage.billable_seconds).toBeLessThanOrEqual(3);
});

test('the usage of a period is the sum of its events and of its sessions', async () => {
  const summary = await read<Schemas['UsageSummary']>(server.request('/v1/usage', { key }));
  const { data: events } = await read<List<Schemas['UsageEvent']>>(
    server.request('/v1/usage/events?limit=100', { key }),
  );
  const { data: sessions } = await read<List<Schemas['Session']>>(
    server.request('/v1/sessions?limit=100', { key }),
  );
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  expect(summary.billable_seconds).toBe(sum(events.map((event) => event.billable_seconds)));
  expect(summary.billable_seconds).toBe(sum(sessions.map((session) => session.usage.billable_seconds)));
  const { credits } = await accountOf(server, key);
  expect(credits.balance).toBe(100 - sum(events.map((event) => event.credits)));
});
