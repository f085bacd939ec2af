import type { OperationId } from '@greenroom/contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { CLIENT_TIMEOUTS } from '../../src/http/timeouts.ts';
import { startTestServer } from '../harness/test-server.ts';
import type { Case, Fixture } from './case.ts';
import { cases } from './cases.ts';

let fixture: Fixture;

beforeAll(async () => {
  const server = await startTestServer();
  const full = await server.another({ maxInFlight: 0 });
  const impatient = await server.another({ clientTimeouts: { ...CLIENT_TIMEOUTS, bodyMs: 100 } });
  // Has a separate database, because the processes of one database share their limits.
  const strict = await startTestServer({
    rateLimits: {
      requestsPerSecond: 100,
      createsPerSecond: 20,
      workerRequestsPerSecond: 1000,
      anonymousRequestsPerSecond: 1,
    },
  });
  const broken = await startTestServer();
  // Caches the keys, so that requests fail only at the missing tables.
  for (const key of Object.values(broken.keys)) await broken.request('/v1/limits', { key });
  await broken.database.pool.query('ALTER SCHEMA public RENAME TO elsewhere');
  fixture = {
    server,
    full,
    impatient,
    strict,
    broken,
    slow: await server.createOrg({ id: 'slow', overrides: { requestsPerSecond: 1, createsPerSecond: 1 } }),
    withoutCredits: await server.createOrg({ id: 'without-credits', credits: 0 }),
  };
}, 60_000);

afterAll(async () => {
  await fixture.full.close();
  await fixture.strict.close();
  await fixture.broken.close();
  await fixture.server.close();
});

for (const [id, byStatus] of Object.entries(cases) as [OperationId, Record<string, Case>][]) {
  describe(id, () => {
    for (const [status, request] of Object.entries(byStatus)) {
      test(`responds ${status} as the document declares`, async () => {
        const response = await request(fixture);
        expect(response.status).toBe(Number(status));
      });
    }
  });
}
