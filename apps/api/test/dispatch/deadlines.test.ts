import { Prisma } from '@greenroom/database';
import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { findExpiredLeases, type Lease } from '../../src/sessions/assignment-repository.ts';
import { accountOf } from '../harness/account.ts';
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
import { claimed, registerWorker, type Assignment, type TestWorker } from '../harness/worker.ts';

let server: TestServer;
let worker: TestWorker;

beforeAll(async () => {
  server = await startTestServer({
    sessions: {
      leaseSeconds: 1,
      joinDeadlineSeconds: 20,
      firstFrameDeadlineSeconds: 3,
      drainDeadlineSeconds: 1,
    },
  });
  worker = await registerWorker(server);
});

afterAll(async () => {
  // Slots and reservations are released however the sessions of this file ended.
  const account = await accountOf(server, server.keys.test);
  await server.close();
  expect(account).toMatchObject({ sessions: { active: 0 }, credits: { reserved: 0 } });
});

async function assigned(fields: Parameters<typeof createSession>[1] = {}): Promise<Assignment> {
  await createSession(server, fields);
  return claimed(worker);
}

const statusOf = async ({ session }: Assignment) => (await getSession(server, session.id)).status;

async function lastEventOf({ session }: Assignment) {
  const { data } = await read<List<Schemas['SessionEvent']>>(
    server.request(`/v1/sessions/${session.id}/events`),
  );
  return data.at(-1);
}

/** Reports often enough to keep the lease, until the session is in a state. */
async function reportUntil(assignment: Assignment, report: object, status: string): Promise<void> {
  await until(async () => {
    await worker.report(assignment, report);
    return (await statusOf(assignment)) === status;
  });
}

test.each([['claimed'], ['starting']] as const)(
  'a %s session whose worker is lost is requeued once, then fails',
  async (state) => {
    const first = await assigned();
    if (state === 'starting') await worker.reported(first, { state: 'starting' });
    const second = await claimed(worker, 10);
    expect(second).toMatchObject({ session: { id: first.session.id, status: 'queued', started_at: null } });
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(await errorOf(await worker.report(first, { state: 'running', media_ms: 500 }))).toMatchObject({
      status: 409,
      code: 'assignment.lost',
    });
    await until(async () => (await statusOf(second)) === 'failed');
    expect(await getSession(server, first.session.id)).toMatchObject({
      failure: { code: 'worker.lost' },
      usage: { billable_seconds: 0 },
    });
    expect(await lastEventOf(second)).toMatchObject({ actor: 'system', reason: 'worker.lost' });
  },
);

test('expired leases are found page by page', async () => {
  await expect(
    server.database.transaction(async (tx) => {
      await tx.query(Prisma.sql`
        INSERT INTO assignments (id, org_id, mode, status, avatar_id, quality, runtime_type, max_duration_seconds,
                                 worker_token_encrypted, worker_id, lease_until)
        SELECT 'sess_' || n, 'none', 'test', 'running', 'av_stock_001', 'standard', 'none', 60, '', 'wkr_1',
               now() - make_interval(secs => 1 + n / 3)
          FROM generate_series(1, 10) AS n`);
      const pages: string[][] = [];
      let after: Lease | undefined;
      do {
        const page = await findExpiredLeases(tx, { after, take: 4 });
        pages.push(page.map(({ id }) => id));
        after = page.at(-1);
      } while (after !== undefined);
      expect(pages.map(({ length }) => length)).toEqual([4, 4, 2, 0]);
      expect(pages.flat()).toEqual([10, 9, 6, 7, 8, 3, 4, 5, 1, 2].map((n) => `sess_${n}`));
      throw new Error('roll back');
    }),
  ).rejects.toThrow('roll back');
});

test('a running session whose worker is lost fails and is charged for the reported media', async () => {
  const assignment = await assigned();
  await worker.reported(assignment, { frames: 50, media_ms: 2000 });
  await until(async () => (await statusOf(assignment)) === 'failed');
  expect(await getSession(server, assignment.session.id)).toMatchObject({
    failure: { code: 'worker.lost' },
    usage: { billable_seconds: 2, frames: 50 },
  });
  expect(await errorOf(await worker.report(assignment, { media_ms: 60_000 }))).toMatchObject({ status: 409 });
  expect((await getSession(server, assignment.session.id)).usage.billable_seconds).toBe(2);
});

test('a worker keeps its session while it waits for a directive', async () => {
  const assignment = await assigned();
  expect(await worker.reported(assignment, { frames: 1, media_ms: 40, wait_seconds: 4 })).toBe('continue');
  expect(await statusOf(assignment)).toBe('running');
  await worker.reported(assignment, { state: 'ended' });
});

test('a session without a frame in time fails, and its worker gets the directive to leave', async () => {
  const assignment = await assigned();
  await reportUntil(assignment, { state: 'starting' }, 'failed');
  expect(await getSession(server, assignment.session.id)).toMatchObject({
    failure: { code: 'runtime.error' },
    usage: { billable_seconds: 0 },
  });
  expect(await lastEventOf(assignment)).toMatchObject({ reason: 'first_frame.deadline' });
  expect((await worker.report(assignment, { state: 'starting' })).status).toBe(409);
});

test('a session is drained before its maximum, ends by then and is not charged for more', async () => {
  const assignment = await assigned({ max_duration_seconds: 2 });
  // The worker reports more than the session can cost.
  await worker.reported(assignment, { frames: 1, media_ms: 9_000 });
  expect(await worker.reported(assignment, { frames: 2, media_ms: 9_000, wait_seconds: 20 })).toBe('drain');
  expect(await lastEventOf(assignment)).toMatchObject({
    from: 'running',
    to: 'ending',
    actor: 'system',
    reason: 'session.max_duration',
  });
  await until(async () => (await statusOf(assignment)) === 'ended');
  expect(await lastEventOf(assignment)).toMatchObject({ actor: 'system', reason: 'drain.deadline' });
  expect((await getSession(server, assignment.session.id)).usage.billable_seconds).toBe(2);
});

test('the deadlines of a session at its maximum include the drain', async () => {
  const long = await startTestServer({ sessions: { drainDeadlineSeconds: 30 } });
  const slow = await registerWorker(long);
  const deadline = async ({ session }: Assignment) => {
    const { deadlineAt, firstFrameAt } = await long.database.prisma.assignment.findFirstOrThrow({
      where: { id: session.id },
    });
    return ((deadlineAt?.getTime() ?? 0) - (firstFrameAt?.getTime() ?? 0)) / 1000;
  };
  for (const [seconds, drainFrom] of [
    [20, 18],
    [600, 595],
  ] as const) {
    await createSession(long, { max_duration_seconds: seconds });
    const assignment = await claimed(slow);
    await slow.reported(assignment, { frames: 1, media_ms: 40 });
    expect(await deadline(assignment)).toBe(drainFrom);
    await endSession(long, assignment.session.id);
    // The worker leaves at the maximum and has two seconds to report it.
    expect(await deadline(assignment)).toBeLessThanOrEqual(seconds + 2);
  }
  await long.close();
});

test('a session whose worker does not leave in time ends', async () => {
  const assignment = await assigned();
  await worker.reported(assignment, { frames: 1, media_ms: 40 });
  await endSession(server, assignment.session.id);
  await reportUntil(assignment, { state: 'ending', frames: 1, media_ms: 40 }, 'ended');
  expect(await lastEventOf(assignment)).toMatchObject({ actor: 'system', reason: 'drain.deadline' });
  expect((await worker.report(assignment, { state: 'ending' })).status).toBe(409);
});

test('a session whose worker is lost while it drains ends', async () => {
  const patient = await startTestServer({ sessions: { leaseSeconds: 1 } });
  const mortal = await registerWorker(patient);
  const { id } = await createSession(patient);
  await mortal.reported(await claimed(mortal), { frames: 1, media_ms: 40 });
  await endSession(patient, id);
  await until(async () => (await getSession(patient, id)).status === 'ended');
  await patient.close();
});

test('a session without a frame whose worker is lost while it drains keeps its start', async () => {
  const patient = await startTestServer({ sessions: { leaseSeconds: 1 } });
  const lost = await registerWorker(patient);
  const { id } = await createSession(patient);
  await lost.reported(await claimed(lost), { state: 'starting' });
  await endSession(patient, id);
  await until(async () => (await getSession(patient, id)).status === 'ended');
  expect((await getSession(patient, id)).started_at).not.toBeNull();
  await patient.close();
});

test('a worker keeps its session when the server is down for longer than its lease', async () => {
  const patient = await startTestServer({ sessions: { leaseSeconds: 60 } });
  const before = await patient.another({ sessions: { leaseSeconds: 2 } });
  const loyal = await registerWorker(before);
  await createSession(before);
  const assignment = await claimed(loyal);
  await loyal.reported(assignment, { frames: 1, media_ms: 40 });
  await before.close();
  // No server receives reports until the lease has expired.
  await until(async () => {
    const { rowCount } = await patient.database.pool.query(
      'SELECT 1 FROM assignments WHERE id = $1 AND lease_until < now()',
      [assignment.session.id],
    );
    return rowCount === 1;
  });
  const after = await patient.another({ sessions: { leaseSeconds: 2 } });
  const path = `/internal/v1/assignments/${assignment.session.id}/report`;
  const json = { fence: assignment.fence, state: 'running', frames: 2, media_ms: 80 };
  const response = await after.request(path, { method: 'POST', key: before.keys.worker, json });
  expect(await read(response)).toMatchObject({ directive: 'continue' });
  await after.close();
  await patient.close();
});

test('a session that was claimed before its join deadline does not fail at the deadline', async () => {
  const hurried = await startTestServer({ sessions: { joinDeadlineSeconds: 1, leaseSeconds: 30 } });
  const late = await registerWorker(hurried);
  const { id } = await createSession(hurried);
  const assignment = await claimed(late);
  // Created later and never claimed. When it fails, the deadline of the other session has passed.
  const { id: unclaimed } = await createSession(hurried);
  await until(async () => (await getSession(hurried, unclaimed)).status === 'failed');
  expect((await getSession(hurried, id)).status).toBe('queued');
  expect(await late.reported(assignment, { state: 'starting' })).toBe('continue');
  expect((await getSession(hurried, id)).status).toBe('starting');
  await hurried.close();
});

test('a session whose worker is lost before the start gets the join deadline of a new one', async () => {
  const hurried = await startTestServer({ sessions: { joinDeadlineSeconds: 3, leaseSeconds: 4 } });
  const mortal = await registerWorker(hurried);
  const { id } = await createSession(hurried);
  await claimed(mortal);
  const left = async () => {
    const { rows } = await hurried.database.pool.query<{ free: boolean; seconds: number }>(
      `SELECT worker_id IS NULL AS free, extract(epoch FROM deadline_at - now())::float AS seconds
         FROM assignments WHERE id = $1`,
      [id],
    );
    return rows[0];
  };
  await until(async () => (await left())?.free === true);
  expect((await left())?.seconds).toBeGreaterThan(2);
  await until(async () => (await getSession(hurried, id)).status === 'failed');
  expect((await getSession(hurried, id)).failure).toMatchObject({ code: 'worker.unavailable' });
  await hurried.close();
});
