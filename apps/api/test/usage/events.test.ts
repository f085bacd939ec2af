import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { idsOf } from '../harness/pages.ts';
import { read, type List, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { drawUsage, insertUsage } from './fixture.ts';

type UsageEvent = Schemas['UsageEvent'];

const rows = drawUsage(60, new Date('2026-03-01T00:00:00Z'), new Date('2026-03-03T00:00:00Z'), 42);
const newestFirst = rows.toSorted((one, other) => (one.id < other.id ? 1 : -1));

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await insertUsage(server.database, rows);
});

afterAll(() => server.close());

test('a usage event has its session, time and amount', async () => {
  const [newest] = newestFirst;
  const { data } = await read<List<UsageEvent>>(server.request('/v1/usage/events?limit=1'));
  const multiplier = { mock: 1, lite: 0.5, standard: 1, pro: 2 }[newest?.quality ?? 'mock'];
  const seconds = newest?.seconds ?? 0;
  expect(data).toEqual([
    {
      id: newest?.id,
      object: 'usage.event',
      session_id: newest?.sessionId,
      quality: newest?.quality,
      interval_start: new Date((newest?.at.getTime() ?? 0) - seconds * 1000).toISOString(),
      interval_end: newest?.at.toISOString(),
      billable_seconds: seconds,
      multiplier,
      credits: Math.ceil(seconds / 60) * multiplier,
      created_at: newest?.at.toISOString(),
    },
  ]);
});

test.each([7, 20, 60])('pages of %i together contain every record once, newest first', async (limit) => {
  expect(await idsOf(server, `/v1/usage/events?limit=${limit}`)).toEqual(newestFirst.map(({ id }) => id));
});

test('a list of one session has exactly its records', async () => {
  for (const sessionId of new Set(rows.map((row) => row.sessionId))) {
    const expected = newestFirst.filter((row) => row.sessionId === sessionId).map(({ id }) => id);
    expect(await idsOf(server, `/v1/usage/events?session_id=${sessionId}&limit=2`)).toEqual(expected);
  }
  expect(await idsOf(server, '/v1/usage/events?session_id=sess_01KKGP79VG6A09Y83A35BZFNZE')).toEqual([]);
});

test('filters by time and session combine; the start is inclusive and the end exclusive', async () => {
  const [after, before] = [newestFirst[45]?.at ?? new Date(0), newestFirst[5]?.at ?? new Date(0)];
  const range = `created_after=${after.toISOString()}&created_before=${before.toISOString()}`;
  const inside = newestFirst.filter(({ at }) => at >= after && at < before);
  expect(await idsOf(server, `/v1/usage/events?${range}`)).toEqual(inside.map(({ id }) => id));
  const sessionId = inside[0]?.sessionId;
  expect(await idsOf(server, `/v1/usage/events?${range}&session_id=${sessionId}`)).toEqual(
    inside.filter((row) => row.sessionId === sessionId).map(({ id }) => id),
  );
});

test('the cursor must be a usage event of the caller', async () => {
  const other = await server.createOrg({ id: 'other' });
  for (const [cursor, key] of [
    [newestFirst[0]?.id, other.test],
    [newestFirst[0]?.id, server.keys.live],
    ['use_01KKGP79VG6A09Y83A35BZFNZE', server.keys.test],
    ['sess_01KKGP79VG6A09Y83A35BZFNZE', server.keys.test],
  ] as const) {
    const response = await server.request(`/v1/usage/events?starting_after=${cursor}`, { key });
    expect(await errorOf(response)).toEqual({ status: 400, code: 'cursor.unknown', param: 'starting_after' });
  }
});

test('a malformed session id is rejected as a filter', async () => {
  const response = await server.request('/v1/usage/events?session_id=nonsense');
  expect(await errorOf(response)).toEqual({ status: 422, code: 'parameter.invalid', param: 'session_id' });
});
