import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { rateLimitOf } from '../harness/rate-limit.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const LIMITS = {
  requestsPerSecond: 20,
  createsPerSecond: 20,
  anonymousRequestsPerSecond: 100_000,
  workerRequestsPerSecond: 1000,
};
const BURST = 5 * LIMITS.requestsPerSecond;

let server: TestServer;
let second: TestServer;

beforeAll(async () => {
  server = await startTestServer({ rateLimits: LIMITS });
  await server.createOrg({ id: 'limited' });
  second = await server.another();
  for (const [granting, charged] of [
    [server, second],
    [second, server],
  ] as const) {
    await until(() => isCharged(granting, charged), 60_000);
  }
}, 120_000);
afterAll(() => server.close());

const newKey = async () => (await server.createKey({ orgId: 'limited' })).secret;

/** Sends requests one after another, and returns how many were served. */
async function allowed(count: number, call: () => Promise<Response>): Promise<number> {
  let served = 0;
  for (let sent = 0; sent < count; sent += 1) {
    if ((await call()).status !== 429) served += 1;
  }
  return served;
}

/** Returns whether a process charges a new caller for requests that another one allowed. */
async function isCharged(granting: TestServer, charged: TestServer): Promise<boolean> {
  const key = await newKey();
  for (let count = 0; count < BURST / 2; count += 1) await granting.request('/v1/sessions', { key });
  const limits = rateLimitOf(await charged.request('/v1/sessions', { key })).get('requests');
  return limits !== undefined && limits.remaining < BURST * 0.9;
}

test('two processes allow a caller that reaches only one of them its whole limit', async () => {
  for (const process of [server, second]) {
    const key = await newKey();
    expect(rateLimitOf(await process.request('/v1/sessions', { key })).get('requests')?.quota).toBe(BURST);
    const began = performance.now();
    const served = await allowed(BURST * 2, () => process.request('/v1/sessions', { key }));
    const earned = ((performance.now() - began) / 1000) * LIMITS.requestsPerSecond;
    expect(served).toBeGreaterThanOrEqual(BURST - 1);
    expect(served).toBeLessThanOrEqual(BURST + Math.ceil(earned));
  }
});

test.each([1, 10])(
  'two processes allow a caller that alternates between them its limit, to within a fifth of a burst, with %d requests at once',
  async (atOnce) => {
    const key = await newKey();
    const began = performance.now();
    let turn = 0;
    const counts = await Promise.all(
      Array.from({ length: atOnce }, () =>
        allowed((BURST * 2) / atOnce, () =>
          ((turn += 1) % 2 === 0 ? server : second).request('/v1/sessions', { key }),
        ),
      ),
    );
    const served = counts.reduce((sum, count) => sum + count, 0);
    const earned = ((performance.now() - began) / 1000) * LIMITS.requestsPerSecond;
    expect(served).toBeGreaterThanOrEqual(BURST);
    expect(served).toBeLessThanOrEqual(BURST * 1.2 + Math.ceil(earned));
  },
);
