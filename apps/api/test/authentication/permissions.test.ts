import { operationTable, scopeValues, type OperationId, type Scope } from '@greenroom/contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

interface Entry {
  method: string;
  path: string;
  security: readonly { customerKey?: readonly string[]; workerKey?: readonly string[] }[];
}
const entries = Object.entries(operationTable) as [OperationId, Entry][];
const forCustomers = entries.filter(([, { security }]) => security[0]?.customerKey !== undefined);
const forWorkers = entries.filter(([, { security }]) => security[0]?.workerKey !== undefined);

function call({ method, path }: Entry, key: string) {
  const url = path.replaceAll(/\{\w+\}/g, 'sess_01KKGP79VG6A09Y83A35BZFNZE');
  return server.request(url, { method: method.toUpperCase(), key });
}

describe('a key may call an operation only with the scope that the document requires', () => {
  test.each(forCustomers)('%s', async (_id, entry) => {
    const needed = entry.security[0]?.customerKey ?? [];
    const others = scopeValues.filter((scope) => !needed.includes(scope));
    const without = await server.createKey({ scopes: others });
    if (needed.length > 0) {
      expect(await errorOf(await call(entry, without.secret))).toEqual({
        status: 403,
        code: 'api_key.scope_required',
        param: null,
      });
    }
    const just = await server.createKey({ scopes: needed as Scope[] });
    expect([401, 403]).not.toContain((await call(entry, just.secret)).status);
  });
});

test.each(forCustomers)('a worker’s key may not call %s', async (_id, entry) => {
  expect(await errorOf(await call(entry, server.keys.worker))).toMatchObject({
    status: 403,
    code: 'api_key.wrong_kind',
  });
});

test.each(forCustomers)('a key of a suspended organisation may not call %s', async (id, entry) => {
  const orgId = `suspended-${id.toLowerCase().replace('.', '-')}`;
  const { live } = await server.createOrg({ id: orgId });
  await server.database.prisma.org.update({ where: { id: orgId }, data: { suspendedAt: new Date() } });
  expect(await errorOf(await call(entry, live))).toEqual({
    status: 403,
    code: 'organisation.suspended',
    param: null,
  });
});

test.each(forWorkers)('a customer’s key may not call %s', async (_id, entry) => {
  for (const key of [server.keys.test, server.keys.live]) {
    expect(await errorOf(await call(entry, key))).toMatchObject({ status: 403, code: 'api_key.wrong_kind' });
  }
});

test('every operation is for customers, for workers or needs no key', () => {
  const open = entries.filter(([, { security }]) => security.length === 0).map(([id]) => id);
  expect(open).toEqual(['plans.list', 'status.get']);
  expect(forCustomers.length + forWorkers.length + open.length).toBe(entries.length);
  expect(forWorkers.length).toBeGreaterThan(0);
});
