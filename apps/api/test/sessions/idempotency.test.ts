import { limits } from '@greenroom/contract';
import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { endSession, read, type Session } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

function create(idempotencyKey: string, json: unknown, key = server.keys.test): Promise<Response> {
  const headers = { 'Idempotency-Key': idempotencyKey };
  return server.request('/v1/sessions', { method: 'POST', json, headers, key });
}

const records = (key: string) => server.database.prisma.idempotencyRecord.count({ where: { key } });

test('the same request with the same key gets the first response, even when the session has changed', async () => {
  const body = await sessionCreate();
  const first = await create('replay', body);
  const session = await read<Session>(first);
  expect(first.headers.has('idempotent-replayed')).toBe(false);
  await endSession(server, session.id);

  const replayed = await create('replay', body);
  expect(replayed.status).toBe(201);
  expect(replayed.headers.get('idempotent-replayed')).toBe('true');
  expect(replayed.headers.get('location')).toBe(first.headers.get('location'));
  expect(replayed.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  expect(await read(replayed)).toEqual(session);
});

test('reordered fields and explicit defaults do not make a different request', async () => {
  const body = await sessionCreate();
  const { transport, ...rest } = body;
  const { id } = await read<Session>(create('same', body));
  for (const json of [
    { transport: Object.fromEntries(Object.entries(transport).toReversed()), ...rest },
    { ...body, quality: 'standard' },
  ]) {
    const replayed = await create('same', json);
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect((await read<Session>(replayed)).id).toBe(id);
  }
});

test('a bare key and the same key in quotes are one key', async () => {
  const body = await sessionCreate();
  const { id } = await read<Session>(create('two-ways', body));
  const quoted = await create('"two-ways"', body);
  expect(quoted.headers.get('idempotent-replayed')).toBe('true');
  expect((await read<Session>(quoted)).id).toBe(id);
});

test('a different body with the same key is rejected, and the first response stays', async () => {
  const body = await sessionCreate();
  const { id } = await read<Session>(create('other-body', body));
  const changed = await create('other-body', { ...body, idle_timeout_seconds: 31 });
  expect(await errorOf(changed)).toEqual({
    status: 409,
    code: 'idempotency_key.reused',
    param: 'Idempotency-Key',
  });
  expect((await read<Session>(create('other-body', body))).id).toBe(id);
});

test('a rejected request is not stored, so a corrected request can use the same key', async () => {
  const body = await sessionCreate();
  const refused = [
    { ...body, surprise: 1 },
    { ...body, avatar_id: 'av_nobody' },
    await sessionCreate({ expiresIn: -1 }),
    { ...body, transport: { type: 'websocket' } },
  ];
  const statuses = [];
  for (const json of refused) statuses.push((await create('corrected', json)).status);
  expect(statuses).toEqual([422, 404, 422, 400]);
  expect(await records('corrected')).toBe(0);
  const accepted = await create('corrected', body);
  expect(accepted.status).toBe(201);
  expect(accepted.headers.has('idempotent-replayed')).toBe(false);
});

test('organisations and modes have separate idempotency keys', async () => {
  const other = await server.createOrg({ id: 'other' });
  const ids = new Set<string>();
  for (const key of [server.keys.test, server.keys.live, other.test, other.live]) {
    const response = await create('shared', await sessionCreate(), key);
    expect(response.headers.has('idempotent-replayed')).toBe(false);
    ids.add((await read<Session>(response)).id);
  }
  expect(ids.size).toBe(4);
});

test('two API keys of one organisation and mode share their idempotency keys', async () => {
  const body = await sessionCreate();
  const { id } = await read<Session>(create('colleague', body));
  const { secret } = await server.createKey();
  expect((await read<Session>(create('colleague', body, secret))).id).toBe(id);
});

test.each([
  ['of one character', 'k'],
  ['of 255 characters', 'k'.repeat(255)],
  ['of 255 characters in quotes', `"${'q'.repeat(255)}"`],
])('a key %s is accepted', async (_name, key) => {
  const body = await sessionCreate();
  expect((await create(key, body)).status).toBe(201);
  expect((await create(key, body)).headers.get('idempotent-replayed')).toBe('true');
});

test.each([
  ['of 256 characters', 'k'.repeat(256)],
  ['of 256 characters in quotes', `"${'q'.repeat(256)}"`],
  ['of nothing', ''],
  ['of empty quotes', '""'],
])('a key %s is rejected', async (_name, key) => {
  const before = await server.database.prisma.session.count();
  const response = await create(key, await sessionCreate());
  expect(await errorOf(response)).toEqual({
    status: 422,
    code: 'parameter.invalid',
    param: 'Idempotency-Key',
  });
  expect(await server.database.prisma.session.count()).toBe(before);
});

test('a key can be used for another request after the hours that the document states', async () => {
  const first = await read<Session>(create('yesterday', await sessionCreate()));
  const where = { key: 'yesterday' };
  const { expiresAt } = await server.database.prisma.idempotencyRecord.findFirstOrThrow({ where });
  expect(
    Math.abs(expiresAt.getTime() - Date.now() - limits.IdempotencyKey.maxAgeHours * 3_600_000),
  ).toBeLessThan(60_000);
  await server.database.prisma.idempotencyRecord.updateMany({
    where,
    data: { expiresAt: new Date(Date.now() - 1) },
  });

  const body = await sessionCreate();
  const second = await create('yesterday', body);
  expect(second.headers.has('idempotent-replayed')).toBe(false);
  const session = await read<Session>(second);
  expect(session.id).not.toBe(first.id);
  expect(await read(create('yesterday', body))).toEqual(session);
});
