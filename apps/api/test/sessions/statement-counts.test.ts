import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';

import { createSession, endSession, getSession, read, type Session } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, performed, registerWorker } from '../harness/worker.ts';

/** Statements of the server's background work and of notifications, which follow a request's transaction. */
const BACKGROUND =
  /^SET |pg_notify|LISTEN|deadline_at <|lease_until < now|FROM pg_stat_activity|clock_timestamp\(\) -|jobs/;

let server: TestServer;
const statements: string[] = [];
const { query } = pg.Client.prototype;

beforeAll(async () => {
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [statement] = args;
    const text = typeof statement === 'string' ? statement : (statement as { text?: string }).text;
    if (text !== undefined && !BACKGROUND.test(text.trim())) statements.push(text.trim());
    return Reflect.apply(query, this, args) as unknown;
  } as typeof query;
  server = await startTestServer();
  // The key is known from here on.
  await createSession(server);
});

afterAll(async () => {
  pg.Client.prototype.query = query;
  await server.close();
});

/** Returns how many statements a request sends to the database. */
async function statementsOf(request: () => Promise<unknown>): Promise<number> {
  statements.length = 0;
  await request();
  return statements.length;
}

test('a create sends four statements, and five with an idempotency key', async () => {
  expect(await statementsOf(() => createSession(server))).toBe(4);
  const json = await sessionCreate();
  const headers = { 'Idempotency-Key': 'counted' };
  const create = () => read<Session>(server.request('/v1/sessions', { method: 'POST', json, headers }));
  expect(await statementsOf(create)).toBe(5);
  expect(await statementsOf(create)).toBe(3);
});

test('an end sends four statements, and one when the session is over', async () => {
  const { id } = await createSession(server);
  expect(await statementsOf(() => endSession(server, id))).toBe(4);
  expect(await statementsOf(() => endSession(server, id))).toBe(1);
});

test('a read sends one statement', async () => {
  const { id } = await createSession(server);
  expect(await statementsOf(() => getSession(server, id))).toBe(1);
});

test('a claim sends four statements, and a report that moves nothing one', async () => {
  await createSession(server);
  const worker = await registerWorker(server);
  expect(await statementsOf(() => claimed(worker))).toBe(4);
  const { id } = await createSession(server);
  const { worker: performer, assignment } = await performed(server, id);
  expect(await statementsOf(() => performer.tell(assignment, { frames: 2, media_ms: 80 }))).toBe(1);
});

test('a report that ends and bills a session sends seven statements', async () => {
  const { id } = await createSession(server);
  const { worker, assignment } = await performed(server, id);
  const ended = { state: 'ended', frames: 50, media_ms: 2000 } as const;
  expect(await statementsOf(() => worker.tell(assignment, ended))).toBe(7);
});
