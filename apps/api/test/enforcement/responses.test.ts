import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { createSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test('a response that violates the document is a 500, with the reason only in the log', async () => {
  const { id } = await createSession(server);
  await server.database.pool.query('UPDATE assignments SET frames = -7 WHERE id = $1', [id]);
  server.logLines.length = 0;

  for (const path of [`/v1/sessions/${id}`, '/v1/sessions']) {
    const response = await server.request(path);
    const text = await response.clone().text();
    expect(text).not.toContain('frames');
    expect(text).not.toContain('-7');
    expect(await errorOf(response)).toEqual({ status: 500, code: 'internal', param: null });

    const requestId = response.headers.get('x-request-id') ?? '';
    const line = server.logLines.find((entry) => entry.includes(requestId) && entry.includes('"level":50'));
    expect(line).toContain('frames');
  }
  await server.database.pool.query('UPDATE assignments SET frames = 0 WHERE id = $1', [id]);
});

test('an error of a handler becomes the error envelope, with its cause only in the log', async () => {
  await server.database.pool.query('ALTER TABLE plans RENAME TO plans_away');
  const response = await server.request('/v1/billing/plans');
  await server.database.pool.query('ALTER TABLE plans_away RENAME TO plans');
  expect(await errorOf(response)).toEqual({ status: 500, code: 'internal', param: null });
  const requestId = response.headers.get('x-request-id') ?? '';
  const line = server.logLines.find((entry) => entry.includes(requestId) && entry.includes('"level":50'));
  expect(line).toContain('plans');
});

test('no response reveals the server’s software', async () => {
  for (const path of ['/v1/sessions', '/v1/nowhere', '/v1/sessions?limit=0', '/openapi.json', '/healthz']) {
    const { headers } = await fetch(new URL(path, server.url));
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  }
});

test('no secret reaches the log', async () => {
  const secrets = Object.values(server.keys);
  const body = await sessionCreate();
  await server.request('/v1/sessions', { method: 'POST', json: body });
  await server.request('/v1/sessions', {
    method: 'POST',
    json: { ...body, surprise: body.transport.worker_token },
  });
  await server.request(`/v1/sessions?${server.keys.test}=1`);
  for (const key of secrets) await server.request('/v1/sessions', { key });
  const log = server.logLines.join('\n');
  for (const secret of [...secrets, body.transport.worker_token]) expect(log).not.toContain(secret);
});
