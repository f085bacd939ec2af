import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { idsOf, pagesOf } from '../harness/pages.ts';
import { createSession, read, type List, type Session } from '../harness/responses.ts';
import { idAt, insertSessions } from '../harness/rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const COUNT = 205;

let server: TestServer;
let newestFirst: string[];

beforeAll(async () => {
  server = await startTestServer();
  const ids = await insertSessions(
    server.database,
    // Three per millisecond, so that pages begin and end within one.
    Array.from({ length: COUNT }, (_, index) => ({
      id: idAt('sess', new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 3)), index),
    })),
  );
  newestFirst = ids.toReversed();
});

afterAll(() => server.close());

test('sessions are listed newest first, twenty to a page', async () => {
  const page = await read<List<Session>>(server.request('/v1/sessions'));
  expect(page.data.map(({ id }) => id)).toEqual(newestFirst.slice(0, 20));
  expect(page).toMatchObject({ object: 'list', has_more: true, next_cursor: newestFirst[19] });
  const times = page.data.map((session) => session.created_at);
  expect(times).toEqual(times.toSorted().toReversed());
});

test.each([1, 100])('a page of %i has as many sessions, and its cursor is the last id', async (limit) => {
  const page = await read<List<Session>>(server.request(`/v1/sessions?limit=${limit}`));
  expect(page.data.map(({ id }) => id)).toEqual(newestFirst.slice(0, limit));
  expect(page.next_cursor).toBe(newestFirst[limit - 1]);
});

test.each([0, 101, -1])('a limit of %i is rejected', async (limit) => {
  const refused = await errorOf(await server.request(`/v1/sessions?limit=${limit}`));
  expect(refused).toEqual({ status: 422, code: 'parameter.invalid', param: 'limit' });
});

test.each([7, 41, 100])('all pages of %i together contain each session once, in order', async (limit) => {
  expect(await idsOf(server, `/v1/sessions?limit=${limit}`)).toEqual(newestFirst);
});

test('the last page has no next page, even when it is full', async () => {
  const pages = await pagesOf<Session>(server, '/v1/sessions?limit=41');
  expect(pages.map((page) => page.length)).toEqual([41, 41, 41, 41, 41]);
});

test('a page after the oldest session is empty', async () => {
  const page = await read<List<Session>>(server.request(`/v1/sessions?starting_after=${newestFirst.at(-1)}`));
  expect(page).toEqual({ object: 'list', data: [], has_more: false, next_cursor: null });
});

test('an organisation without sessions has one empty page', async () => {
  const { test: key } = await server.createOrg({ id: 'fresh' });
  const page = await read<List<Session>>(server.request('/v1/sessions', { key }));
  expect(page).toEqual({ object: 'list', data: [], has_more: false, next_cursor: null });
});

test('sessions created while the pages are read neither shift nor repeat any', async () => {
  const { test: key } = await server.createOrg({ id: 'busy' });
  const before: string[] = [];
  for (let count = 0; count < 12; count += 1) before.push((await createSession(server, {}, key)).id);
  const pages = await pagesOf<Session>(server, '/v1/sessions?limit=5', {
    key,
    between: () => createSession(server, {}, key),
  });
  expect(pages.flat().map(({ id }) => id)).toEqual(before.toReversed());
  expect(await idsOf(server, '/v1/sessions?limit=5', key)).toHaveLength(14);
});
