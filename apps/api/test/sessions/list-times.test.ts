import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { idsOf } from '../harness/pages.ts';
import { createSession } from '../harness/responses.ts';
import { idAt, insertSessions } from '../harness/rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const NOON = '2026-03-12T12:00:00';
let server: TestServer;
/** Ids by milliseconds after noon. The middle millisecond has two. */
let ids: { before: string; first: string; last: string; after: string };

beforeAll(async () => {
  server = await startTestServer();
  ids = {
    before: idAt('sess', `${NOON}.122Z`, 9),
    first: idAt('sess', `${NOON}.123Z`, 0),
    last: idAt('sess', `${NOON}.123Z`, 9),
    after: idAt('sess', `${NOON}.124Z`, 0),
  };
  await insertSessions(
    server.database,
    Object.values(ids).map((id) => ({ id })),
  );
});

afterAll(() => server.close());

function list(query: Record<string, string>): Promise<string[]> {
  return idsOf(server, `/v1/sessions?${new URLSearchParams(query)}`);
}

test('created_after includes its own millisecond', async () => {
  expect(await list({ created_after: `${NOON}.123Z` })).toEqual([ids.after, ids.last, ids.first]);
  expect(await list({ created_after: `${NOON}.124Z` })).toEqual([ids.after]);
});

test('created_before excludes its own millisecond', async () => {
  expect(await list({ created_before: `${NOON}.123Z` })).toEqual([ids.before]);
  expect(await list({ created_before: `${NOON}.124Z` })).toEqual([ids.last, ids.first, ids.before]);
});

test('one range ends where the next begins, without a gap or an overlap', async () => {
  const [earlier, later] = [
    await list({ created_before: `${NOON}.123Z` }),
    await list({ created_after: `${NOON}.123Z` }),
  ];
  expect([...later, ...earlier]).toEqual([ids.after, ids.last, ids.first, ids.before]);
});

test('a time between two milliseconds separates them', async () => {
  for (const digits of ['1230001', '123000000001', '1235', '123999999']) {
    expect(await list({ created_after: `${NOON}.${digits}Z` })).toEqual([ids.after]);
    expect(await list({ created_before: `${NOON}.${digits}Z` })).toEqual([ids.last, ids.first, ids.before]);
  }
  expect(await list({ created_after: `${NOON}.1230000Z` })).toEqual([ids.after, ids.last, ids.first]);
  expect(await list({ created_before: `${NOON}.1230000Z` })).toEqual([ids.before]);
});

test('an instant is the same in any offset and with fewer digits', async () => {
  const expected = await list({ created_after: `${NOON}.123Z` });
  expect(await list({ created_after: '2026-03-12T14:30:00.123+02:30' })).toEqual(expected);
  expect(await list({ created_after: '2026-03-12t04:00:00.123-08:00' })).toEqual(expected);
  expect(await list({ created_after: `${NOON}.1Z`, created_before: `${NOON}.1229Z` })).toEqual([ids.before]);
});

test('created_after later than created_before is an empty list', async () => {
  expect(await list({ created_after: `${NOON}.124Z`, created_before: `${NOON}.123Z` })).toEqual([]);
  expect(await list({ created_after: `${NOON}.123Z`, created_before: `${NOON}.123Z` })).toEqual([]);
});

test('times before and after every session are allowed', async () => {
  expect(
    await list({ created_after: '1900-01-01T00:00:00Z', created_before: '9999-12-31T23:59:59Z' }),
  ).toHaveLength(4);
  expect(await list({ created_after: '9999-12-31T23:59:59Z' })).toEqual([]);
  expect(await list({ created_before: '1900-01-01T00:00:00Z' })).toEqual([]);
});

test('a range and a cursor both apply', async () => {
  expect(await list({ created_after: `${NOON}.123Z`, starting_after: ids.after })).toEqual([
    ids.last,
    ids.first,
  ]);
  expect(await list({ created_before: `${NOON}.123Z`, starting_after: ids.after })).toEqual([ids.before]);
  expect(await list({ created_after: `${NOON}.124Z`, starting_after: ids.before })).toEqual([]);
});

test("a session's created_at selects it and is the time in its id", async () => {
  const session = await createSession(server);
  expect(idAt('sess', session.created_at).slice(0, 15)).toBe(session.id.slice(0, 15));
  expect(await list({ created_after: session.created_at })).toContain(session.id);
  expect(await list({ created_before: session.created_at })).not.toContain(session.id);
});

test.each(['yesterday', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-03-12', '1773316800', ''])(
  'the time %j is rejected',
  async (text) => {
    for (const param of ['created_after', 'created_before']) {
      const response = await server.request(`/v1/sessions?${param}=${text}`);
      expect(await errorOf(response)).toEqual({ status: 422, code: 'parameter.invalid', param });
    }
  },
);
