import { expect, test } from '@jest/globals';

import { failure, page } from '../../test/responses.ts';
import { scriptedServer, type ScriptedServer } from '../../test/scripted-server.ts';
import { createGreenroom } from '../create-greenroom.ts';

const clientOf = (server: ScriptedServer) =>
  createGreenroom({ apiKey: 'sk_test_0123456789abcdef', baseUrl: server.baseUrl });

const threePages = () => scriptedServer(page(['a', 'b'], 'b'), page(['c', 'd'], 'd'), page(['e'], null));

test('awaiting a list resolves with its first page', async () => {
  await using server = await threePages();
  const first = await clientOf(server).sessions.list({ limit: 2 });
  expect(first).toMatchObject({ object: 'list', has_more: true, next_cursor: 'b' });
  expect(first.data.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(server.seen).toHaveLength(1);
});

test('iterating over a list yields the items of all pages and requests each page once', async () => {
  await using server = await threePages();
  const ids: string[] = [];
  for await (const { id } of clientOf(server).sessions.list({ limit: 2, status: ['active'] })) ids.push(id);
  expect(ids).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(server.seen.map(({ url }) => url)).toEqual([
    '/v1/sessions?limit=2&status=active',
    '/v1/sessions?limit=2&status=active&starting_after=b',
    '/v1/sessions?limit=2&status=active&starting_after=d',
  ]);
});

test('a loop that ends early requests no further page', async () => {
  await using server = await threePages();
  for await (const { id } of clientOf(server).sessions.list()) if (id === 'b') break;
  expect(server.seen).toHaveLength(1);
});

test('pages() iterates over the pages', async () => {
  await using server = await threePages();
  const sizes: number[] = [];
  for await (const { data } of clientOf(server).sessions.list().pages()) sizes.push(data.length);
  expect(sizes).toEqual([2, 2, 1]);
});

test("iteration begins after the caller's cursor", async () => {
  await using server = await scriptedServer(page(['c'], null));
  for await (const { id } of clientOf(server).sessions.list({ starting_after: 'b' })) expect(id).toBe('c');
  expect(server.seen.map(({ url }) => url)).toEqual(['/v1/sessions?starting_after=b']);
});

test('a list that is neither awaited nor iterated sends nothing, and one awaited twice requests once', async () => {
  await using server = await threePages();
  const list = clientOf(server).sessions.list();
  // Would arrive after a request of the list.
  await fetch(server.baseUrl);
  expect(server.seen.map(({ url }) => url)).toEqual(['/']);
  expect(await list).toBe(await list);
  expect(server.seen).toHaveLength(2);
});

test('a list works where a promise does: with catch, finally and Promise.all', async () => {
  await using server = await scriptedServer(failure(403, 'permission', 'api_key.scope_required'));
  const { sessions } = clientOf(server);
  await expect(sessions.list().catch((error: unknown) => error)).resolves.toHaveProperty(
    'code',
    'api_key.scope_required',
  );
  await expect(sessions.list().finally(() => undefined)).rejects.toHaveProperty('status', 403);
  await expect(Promise.all([sessions.list()])).rejects.toHaveProperty('type', 'permission');
});

test('an error on a later page ends the iteration, after the items before it', async () => {
  await using server = await scriptedServer(
    page(['a'], 'a'),
    failure(400, 'invalid_request', 'cursor.unknown'),
  );
  const ids: string[] = [];
  const iterate = async () => {
    for await (const { id } of clientOf(server).sessions.list()) ids.push(id);
  };
  await expect(iterate()).rejects.toHaveProperty('code', 'cursor.unknown');
  expect(ids).toEqual(['a']);
});
