import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { createSession, getSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker, type Assignment, type TestWorker } from '../harness/worker.ts';

const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

let server: TestServer;
let worker: TestWorker;

beforeAll(async () => {
  server = await startTestServer();
  worker = await registerWorker(server, { slots: 1000 });
});
afterAll(() => server.close());

async function assigned(): Promise<Assignment> {
  await createSession(server);
  return claimed(worker);
}

test.each([
  ['frames', 200],
  ['media_ms', 200],
  ['fence', 409],
])('a report with the largest %s of the document gets status %i', async (field, status) => {
  const assignment = await assigned();
  expect((await worker.report(assignment, { [field]: MAX_INTEGER })).status).toBe(status);
});

test('the largest counters are billed for no longer than the maximum duration', async () => {
  const assignment = await assigned();
  await worker.report(assignment, { frames: MAX_INTEGER, media_ms: MAX_INTEGER });
  const { usage, max_duration_seconds: longest } = await getSession(server, assignment.session.id);
  expect(usage.billable_seconds).toBeLessThanOrEqual(longest);
});

test('a request for a portrait with the largest fence is rejected', async () => {
  const { session } = await assigned();
  const path = `/internal/v1/assignments/${session.id}/portrait?fence=${MAX_INTEGER}`;
  expect((await server.request(path, { key: server.keys.worker })).status).toBe(409);
});

test('a create with the largest value of every integer is accepted', async () => {
  const json = await sessionCreate({ max_duration_seconds: 3600, idle_timeout_seconds: 600 });
  expect((await server.request('/v1/sessions', { method: 'POST', json })).status).toBe(201);
});

test.each(['started_at', 'first_frame_at', 'ended_at'])('a leap second is a valid %s', async (field) => {
  const assignment = await assigned();
  const response = await worker.report(assignment, { [field]: '2016-12-31T23:59:60.000Z' });
  expect(response.status).toBe(200);
});
