import { setTimeout as delay } from 'node:timers/promises';

import { until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { announcesLimits, rateLimitOf } from '../harness/rate-limit.ts';
import { createSession, endSession, postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

/** A low rate, so that the burst is used up faster than it refills. */
const LIMITS = {
  requestsPerSecond: 4,
  createsPerSecond: 1,
  workerRequestsPerSecond: 8,
  anonymousRequestsPerSecond: 1000,
};
const BURST = 5;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ rateLimits: LIMITS });
  await server.createOrg({ id: 'limited' });
});
afterAll(() => server.close());

const newKey = async () => (await server.createKey({ orgId: 'limited' })).secret;

/** Sends requests until one is rejected, and returns the number of others. */
async function untilRefused(call: () => Promise<Response>): Promise<{ allowed: number; refused: Response }> {
  for (let allowed = 0; allowed < 100; allowed += 1) {
    const response = await call();
    if (response.status === 429) return { allowed, refused: response };
  }
  throw new Error('No request was rejected');
}

describe('every response announces the limits', () => {
  test.each([
    [200, '/v1/sessions', {}],
    [401, '/v1/sessions', { key: null }],
    [401, '/v1/sessions', { key: `sk_test_${'A'.repeat(43)}` }],
    [403, '/v1/api_keys', {}],
    [404, '/v1/nowhere', {}],
    [404, '/v1/avatars/av_nobody', {}],
    [405, '/v1/sessions', { method: 'PUT' }],
    [415, '/v1/sessions', { method: 'POST', body: 'x' }],
    [422, '/v1/sessions?limit=0', {}],
  ])('%d %s %j', async (status, path, init) => {
    const key = (await server.createKey({ orgId: 'limited', scopes: ['sessions:read', 'sessions:write'] }))
      .secret;
    const response = await server.request(path, { key, ...init });
    expect(response.status).toBe(status);
    expect(announcesLimits(response.headers)).toBe(true);
  });

  test('those of the address to a key that has expired since its last use, on an operation without a key', async () => {
    const { secret: key } = await server.createKey({ expiresAt: new Date(Date.now() + 4_000) });
    expect((await server.request('/v1/sessions', { key })).status).toBe(200);
    const quota = LIMITS.anonymousRequestsPerSecond * BURST;
    // Each response is checked for the limits.
    await until(async () => {
      const response = await server.request('/v1/status', { key });
      return rateLimitOf(response).get('requests')?.quota === quota;
    });
  });

  test('in a 429', async () => {
    const key = await newKey();
    const { refused } = await untilRefused(() => server.request('/v1/sessions', { key }));
    expect(rateLimitOf(refused).get('requests')).toMatchObject({
      quota: LIMITS.requestsPerSecond * BURST,
      remaining: 0,
    });
  });
});

test('a burst of five seconds is served; a 429 then announces when the next request is allowed', async () => {
  const key = await newKey();
  const began = performance.now();
  const { allowed, refused } = await untilRefused(() => server.request('/v1/sessions', { key }));
  const earned = ((performance.now() - began) / 1000) * LIMITS.requestsPerSecond;
  expect(allowed).toBeGreaterThanOrEqual(LIMITS.requestsPerSecond * BURST);
  expect(allowed).toBeLessThanOrEqual(LIMITS.requestsPerSecond * BURST + Math.ceil(earned));

  const retryAfter = Number(refused.headers.get('retry-after'));
  expect(retryAfter).toBe(1);
  expect(await errorOf(refused)).toEqual({ status: 429, code: 'rate_limit.exceeded', param: null });
  // Waits as long as the server says, which is what this tests.
  await delay(retryAfter * 1000);
  expect((await server.request('/v1/sessions', { key })).status).toBe(200);
});

test('the remaining quota decreases with each request', async () => {
  // The rate is so low that the bucket does not refill in the meantime.
  const { test: key } = await server.createOrg({ id: 'slow', overrides: { requestsPerSecond: 1 } });
  const left = async () =>
    rateLimitOf(await server.request('/v1/sessions', { key })).get('requests')?.remaining ?? Number.NaN;
  const first = await left();
  expect(first).toBe(BURST - 1);
  expect(await left()).toBe(first - 1);
});

test('creates have a separate limit, which reads do not use', async () => {
  const key = await newKey();
  const { allowed, refused } = await untilRefused(() => postSession(server, {}, { key }));
  expect(allowed).toBeGreaterThanOrEqual(LIMITS.createsPerSecond * BURST);
  expect(allowed).toBeLessThan(LIMITS.requestsPerSecond * BURST);
  expect(rateLimitOf(refused).get('creates')?.remaining).toBe(0);
  expect((await server.request('/v1/sessions', { key })).status).toBe(200);
});

test('a rate-limited create stores nothing', async () => {
  const key = await newKey();
  const before = await server.database.prisma.session.count();
  const { allowed } = await untilRefused(() => postSession(server, {}, { key }));
  expect(await server.database.prisma.session.count()).toBe(before + allowed);
});

test('ending a session is not rate-limited', async () => {
  const key = await newKey();
  const { id } = await createSession(server, {}, key);
  await untilRefused(() => server.request('/v1/sessions', { key }));
  for (let count = 0; count < 30; count += 1) {
    const response = await endSession(server, id, key);
    expect(response.status).toBe(200);
    expect(response.headers.get('ratelimit')).toContain('"requests"');
  }
});

test('each key has a separate limit', async () => {
  const [one, other] = [await newKey(), await newKey()];
  await untilRefused(() => server.request('/v1/sessions', { key: one }));
  expect((await server.request('/v1/sessions', { key: other })).status).toBe(200);
});

test('a worker key has a separate, higher limit, which all its operations use', async () => {
  const send = (path: string) => server.request(path, { method: 'POST', key: server.keys.worker, json: {} });
  const paths = ['/internal/v1/workers', '/internal/v1/workers/wkr_01KKGP79VG6A09Y83A35BZFNZE/claim'];
  let sent = 0;
  const { allowed, refused } = await untilRefused(() => send(paths[(sent += 1) % paths.length] ?? ''));
  expect(allowed).toBeGreaterThanOrEqual(LIMITS.workerRequestsPerSecond * BURST);
  expect(rateLimitOf(refused).get('requests')?.quota).toBe(LIMITS.workerRequestsPerSecond * BURST);
  expect(await errorOf(refused)).toEqual({ status: 429, code: 'rate_limit.exceeded', param: null });
});

test('tests of webhook endpoints have a separate limit, a twentieth of that of requests', async () => {
  const { secret: key } = await server.createKey({ orgId: 'limited' });
  const send = () =>
    server.request('/v1/webhook_endpoints/whe_00000000000000000000000000/test', {
      method: 'POST',
      key,
      json: {},
    });
  const { allowed, refused } = await untilRefused(send);
  // Plus one for each second that passed.
  expect(allowed).toBeGreaterThanOrEqual(BURST);
  expect(rateLimitOf(refused).get('tests')).toMatchObject({ remaining: 0 });
  expect(rateLimitOf(refused).get('requests')?.remaining).toBeGreaterThan(0);
});
