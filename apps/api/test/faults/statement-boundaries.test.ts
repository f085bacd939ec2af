import { openDatabase, type Database } from '@greenroom/database';
import { sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { accountOf } from '../harness/account.ts';
import { brokenInvariants } from '../harness/invariants.ts';
import {
  createSession,
  endSession,
  getSession,
  read,
  type List,
  type Schemas,
  type Session,
} from '../harness/responses.ts';
import { startStatementProxy, type StatementProxy } from '../harness/statement-proxy.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker, type Assignment, type TestWorker } from '../harness/worker.ts';

/*
 * The process `crashing` loses its database connections at the nth statement of an operation, for each n until the
 * operation succeeds. To the database, that is a crash of the process. The caller then tries again on `surviving`.
 */

jest.setTimeout(300_000);

const CREDITS = 1_000_000;
const UNLIMITED = { concurrentSessions: 100_000, requestsPerSecond: 100_000, createsPerSecond: 100_000 };
/** More statements than any operation sends. */
const MAX_STATEMENTS = 40;
const MEDIA_MS = 2_000;

let surviving: TestServer;
let crashing: TestServer;
let crashingDatabase: Database;
let proxy: StatementProxy;
let key: string;
let worker: { onCrashing: TestWorker; onSurviving: TestWorker };
const acknowledged = new Set<string>();

beforeAll(async () => {
  // Only `crashing` takes sessions from silent workers.
  surviving = await startTestServer({ sessions: { leaseSeconds: 3600 } });
  ({ live: key } = await surviving.createOrg({ id: 'crashing', credits: CREDITS, overrides: UNLIMITED }));
  proxy = await startStatementProxy(surviving.databaseUrl);
  crashingDatabase = openDatabase(proxy.url, { poolSize: 10, applicationName: 'greenroom-api-pool' });
  crashing = await surviving.another({
    database: crashingDatabase,
    databaseUrl: proxy.url,
    sessions: { leaseSeconds: 1 },
  });
  const options = { key: surviving.keys.worker, runtime_type: 'livekit' as const };
  worker = {
    onCrashing: await registerWorker(crashing, options),
    onSurviving: await registerWorker(surviving, options),
  };
});
afterAll(async () => {
  await crashing.close();
  await crashingDatabase.close();
  await proxy.close();
  await surviving.close();
});

interface Operation<State> {
  prepare: () => Promise<State>;
  /** Runs the operation on `crashing`. */
  attempt: (state: State) => Promise<unknown>;
  /** Repeats the operation on `surviving` like a caller, and checks that it took effect once. */
  verify: (state: State) => Promise<void>;
  ofTransactions?: boolean;
}

/** Runs an operation with a crash before, and one after, each of its statements. Returns the number of crashes. */
async function crashAtEachStatement<State>(operation: Operation<State>): Promise<number> {
  const { prepare, attempt, verify, ofTransactions = false } = operation;
  let crashes = 0;
  for (const executes of [false, true]) {
    for (let nth = 1, crashed = true; crashed; nth += 1) {
      expect(nth).toBeLessThan(MAX_STATEMENTS);
      const state = await prepare();
      proxy.arm({ nth, executes, ofTransactions });
      await attempt(state);
      crashed = proxy.disarm();
      await verify(state);
      expect(await brokenInvariants(surviving.databaseUrl, acknowledged)).toEqual([]);
      if (crashed) crashes += 1;
    }
  }
  return crashes;
}

/** Sends a request to `crashing`. It succeeds, or gets a 503 with Retry-After. */
async function send(path: string, init: Parameters<TestServer['request']>[1]): Promise<Response> {
  const response = await crashing.request(path, { method: 'POST', key, ...init });
  if (!response.ok) {
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
  }
  return response;
}

const actingFor = (agent: string) => ({ attributes: { 'lk.publish_on_behalf': agent } });

async function statusesIn(room: string): Promise<string[]> {
  const { rows } = await surviving.database.pool.query<{ status: string }>(
    'SELECT status::text FROM sessions WHERE room_name = $1 ORDER BY id',
    [room],
  );
  return rows.map(({ status }) => status);
}

/** Repeats a create. Returns its session, which must be the same each time. */
async function createdAgain(json: object, headers: Record<string, string> = {}): Promise<Session> {
  const init = { method: 'POST', key, json, headers };
  let response = await surviving.request('/v1/sessions', init);
  // PostgreSQL takes a moment to roll back the transaction of a connection that was cut.
  while (response.headers.has('retry-after')) response = await surviving.request('/v1/sessions', init);
  const session = await read<Session>(response);
  const again = await read<Session>(surviving.request('/v1/sessions', init));
  expect(again.id).toBe(session.id);
  acknowledged.add(session.id);
  return session;
}

/** Claims the one queued session, once its previous claim has expired. */
async function claimOnCrashing(): Promise<Assignment> {
  for (;;) {
    const assignment = await worker.onCrashing.claim(1).catch(() => null);
    if (assignment !== null) return assignment;
  }
}

/** Reports the end of a performance of two seconds. */
async function finish(assignment: Assignment): Promise<void> {
  const last = { state: 'ended' as const, frames: 50, media_ms: MEDIA_MS };
  await worker.onSurviving.reported(assignment, last);
  const { id } = assignment.session;
  const { status, usage } = await getSession(surviving, id, key);
  expect({ status, seconds: usage.billable_seconds }).toEqual({ status: 'ended', seconds: MEDIA_MS / 1000 });
  const { data: events } = await read<List<Schemas['UsageEvent']>>(
    surviving.request(`/v1/usage/events?session_id=${id}`, { key }),
  );
  expect(events.map((event) => event.billable_seconds)).toEqual([MEDIA_MS / 1000]);
}

/** Checks that the balance is the credits without those of the usage events, and that nothing is reserved. */
async function expectBalanced(): Promise<void> {
  const { credits, sessions } = await accountOf(surviving, key);
  const { rows } = await surviving.database.pool.query<{ spent: number }>(
    `SELECT coalesce(sum(credits), 0)::float8 AS spent FROM usage_events WHERE org_id = 'crashing' AND mode = 'live'`,
  );
  expect({ ...credits, active: sessions.active }).toEqual({
    balance: CREDITS - (rows[0]?.spent ?? 0),
    reserved: 0,
    available: CREDITS - (rows[0]?.spent ?? 0),
    active: 0,
  });
}

describe('a crash at any statement of a create leaves one session or none, and the retry returns it', () => {
  let count = 0;
  test.each([
    ['without an Idempotency-Key', () => ({})],
    ['with an Idempotency-Key', () => ({ 'Idempotency-Key': `create ${(count += 1)}` })],
  ])('%s', async (_name, headers) => {
    const crashes = await crashAtEachStatement({
      prepare: async () => ({ json: await sessionCreate(), headers: headers() }),
      attempt: ({ json, headers }) => send('/v1/sessions', { json, headers }),
      async verify({ json, headers }) {
        const { id } = await createdAgain(json, headers);
        expect(await statusesIn(json.transport.room_name)).toEqual(['queued']);
        await endSession(surviving, id, key);
        await expectBalanced();
      },
    });
    expect(crashes).toBeGreaterThanOrEqual(4);
  });

  test('that replaces a session', async () => {
    const crashes = await crashAtEachStatement({
      async prepare() {
        const json = await sessionCreate(actingFor('agent-1'));
        const room = json.transport.room_name;
        await read(surviving.request('/v1/sessions', { method: 'POST', key, json }));
        return { room, json: await sessionCreate({ room, ...actingFor('agent-2') }) };
      },
      attempt: ({ json }) => send('/v1/sessions', { json }),
      async verify({ room, json }) {
        const { id } = await createdAgain(json);
        expect(await statusesIn(room)).toEqual(['canceled', 'queued']);
        await endSession(surviving, id, key);
        await expectBalanced();
      },
    });
    expect(crashes).toBeGreaterThanOrEqual(4);
  });
});

/** Creates a session and brings it to a state, with the worker of `surviving`. */
async function performing(state: 'starting' | 'running' | null): Promise<Assignment> {
  const { id } = await createSession(surviving, {}, key);
  acknowledged.add(id);
  const assignment = await claimed(worker.onSurviving);
  if (state !== null) await worker.onSurviving.reported(assignment, { state });
  return assignment;
}

const endPath = (id: string) => `/v1/sessions/${id}/end`;
const reportPath = ({ session }: Assignment) => `/internal/v1/assignments/${session.id}/report`;

test('a crash at any statement of an end leaves the session live or ended, and the retry ends it once', async () => {
  const ofQueued = await crashAtEachStatement({
    prepare: () => createSession(surviving, {}, key),
    attempt: ({ id }) => send(endPath(id), {}),
    async verify({ id }) {
      expect((await read<Session>(endSession(surviving, id, key))).status).toBe('canceled');
      await expectBalanced();
    },
  });
  const ofRunning = await crashAtEachStatement({
    prepare: () => performing('running'),
    attempt: ({ session }) => send(endPath(session.id), {}),
    async verify(assignment) {
      expect((await read<Session>(endSession(surviving, assignment.session.id, key))).status).toBe('ending');
      await finish(assignment);
      await expectBalanced();
    },
  });
  expect(Math.min(ofQueued, ofRunning)).toBeGreaterThanOrEqual(4);
});

test('a crash at any statement of a claim leaves the session to the next claim', async () => {
  const crashes = await crashAtEachStatement({
    prepare: () => createSession(surviving, {}, key),
    attempt: async () => {
      const path = `/internal/v1/workers/${worker.onCrashing.id}/claim`;
      const response = await send(path, { key: surviving.keys.worker, json: { wait_seconds: 0 } });
      return response.ok ? response.json() : null;
    },
    async verify({ id }) {
      acknowledged.add(id);
      const assignment = await claimOnCrashing();
      expect(assignment.session.id).toBe(id);
      await worker.onSurviving.reported(assignment, { state: 'running' });
      await finish(assignment);
      await expectBalanced();
    },
  });
  expect(crashes).toBeGreaterThanOrEqual(4);
});

test.each([
  ['that starts a session', null, { state: 'starting', frames: 0, media_ms: 0 }],
  ['of the first frame', 'starting', { state: 'running', frames: 1, media_ms: 0 }],
  ['that ends and bills a session', 'running', { state: 'ended', frames: 50, media_ms: MEDIA_MS }],
] as const)(
  'a crash at any statement of a report %s loses nothing that the worker reports again',
  async (_name, state, report) => {
    const crashes = await crashAtEachStatement({
      prepare: () => performing(state),
      attempt: (assignment) =>
        send(reportPath(assignment), {
          key: surviving.keys.worker,
          json: { fence: assignment.fence, ...report },
        }),
      async verify(assignment) {
        await worker.onSurviving.reported(assignment, report);
        await finish(assignment);
        await expectBalanced();
      },
    });
    expect(crashes).toBeGreaterThanOrEqual(4);
  },
);

test('a crash at any statement that requeues the session of a lost worker leaves it to the next sweep', async () => {
  const requeues = async (id: string) => {
    const events = await read<List<Schemas['SessionEvent']>>(
      surviving.request(`/v1/sessions/${id}/events`, { key }),
    );
    return events.data.filter(({ reason }) => reason === 'worker.lost').length;
  };
  const crashes = await crashAtEachStatement({
    ofTransactions: true,
    async prepare() {
      const { id } = await createSession(surviving, {}, key);
      acknowledged.add(id);
      const assignment = await claimOnCrashing();
      await until(() => worker.onCrashing.report(assignment, { state: 'starting' }).then(({ ok }) => ok));
      return id;
    },
    attempt: (id) => until(async () => proxy.hasCut() || (await requeues(id)) > 0),
    async verify(id) {
      await until(async () => (await requeues(id)) > 0);
      expect(await requeues(id)).toBe(1);
      expect((await read<Session>(endSession(surviving, id, key))).status).toBe('canceled');
      await expectBalanced();
    },
  });
  expect(crashes).toBeGreaterThanOrEqual(4);
});
