import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';

import { createSession, endSession, getSession, read, type Session } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, performed, registerWorker } from '../harness/worker.ts';

let server: TestServer;
const query = jest.spyOn(pg.Client.prototype, 'query');

beforeAll(async () => {
  server = await startTestServer();
  // From here on, the key is cached.
  await createSession(server);
});

afterAll(async () => {
  query.mockRestore();
  await server.close();
});

/**
 * Returns how many statements are sent to the database during a request. Notifications are not counted: they follow the
 * transaction, one for many sessions.
 */
async function statementsOf(request: () => Promise<unknown>): Promise<number> {
  query.mockClear();
  await request();
  return query.mock.calls.filter((call) => !JSON.stringify(call).includes('pg_notify')).length;
}

/** Repeats a measurement, and returns the lowest count: the server's background work may add statements to others. */
async function lowest(measure: () => Promise<number>): Promise<number> {
  const counts = [];
  while (counts.length < 10) counts.push(await measure());
  return Math.min(...counts);
}

test('a create sends four statements, and five with an idempotency key', async () => {
  expect(await lowest(() => statementsOf(() => createSession(server)))).toBe(4);
  const create = async (key: string) => {
    const json = await sessionCreate();
    const headers = { 'Idempotency-Key': key };
    return statementsOf(() =>
      read<Session>(server.request('/v1/sessions', { method: 'POST', json, headers })),
    );
  };
  let count = 0;
  expect(await lowest(() => create(`key ${(count += 1)}`))).toBe(5);
});

test('an end sends four statements, and one when the session is over', async () => {
  const first: number[] = [];
  const second = await lowest(async () => {
    const { id } = await createSession(server);
    first.push(await statementsOf(() => endSession(server, id)));
    return statementsOf(() => endSession(server, id));
  });
  expect(Math.min(...first)).toBe(4);
  expect(second).toBe(1);
});

test('a read sends one statement', async () => {
  const { id } = await createSession(server);
  expect(await lowest(() => statementsOf(() => getSession(server, id)))).toBe(1);
});

test('a claim sends four statements', async () => {
  const worker = await registerWorker(server);
  const measure = async () => {
    await createSession(server);
    return statementsOf(() => claimed(worker));
  };
  expect(await lowest(measure)).toBe(4);
});

test('a report that moves nothing sends one statement, and one that ends and bills a session seven', async () => {
  const last: number[] = [];
  const moving = await lowest(async () => {
    const { id } = await createSession(server);
    const { worker, assignment } = await performed(server, id);
    const counted = await statementsOf(() => worker.reported(assignment, { frames: 2, media_ms: 80 }));
    last.push(
      await statementsOf(() => worker.reported(assignment, { state: 'ended', frames: 50, media_ms: 2000 })),
    );
    return counted;
  });
  expect(moving).toBe(1);
  expect(Math.min(...last)).toBe(7);
});
