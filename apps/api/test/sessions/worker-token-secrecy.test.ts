import { mintWorkerToken, sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { TokenCipher } from '../../src/sessions/token-cipher.ts';
import { tablesHolding } from '../harness/database-search.ts';
import { endSession, postSession, read, type Session } from '../harness/responses.ts';
import { startTestServer, TOKEN_KEY, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** Parts of a token that are too long to match by chance. */
function partsOf(token: string): string[] {
  return token.split('.').slice(1);
}

async function sealedToken(id: string): Promise<Uint8Array | undefined> {
  const assignment = await server.database.prisma.assignment.findFirst({ where: { id } });
  return assignment?.workerTokenEncrypted;
}

async function tokenHash(id: string): Promise<Uint8Array | null> {
  return (await server.database.prisma.session.findFirstOrThrow({ where: { id } })).workerTokenHash;
}

test('the token is in no response about its session', async () => {
  const body = await sessionCreate();
  const headers = { 'Idempotency-Key': 'secrecy' };
  const create = () => server.request('/v1/sessions', { method: 'POST', json: body, headers });
  const created = await create();
  const { id } = await read<Session>(created.clone());
  const responses = [
    created,
    await create(),
    await server.request('/v1/sessions', { method: 'POST', json: body }),
    await server.request(`/v1/sessions/${id}`),
    await server.request('/v1/sessions'),
    await server.request(`/v1/sessions/${id}/events`),
    await endSession(server, id),
  ];
  for (const response of responses) {
    const text = (await response.text()) + JSON.stringify([...response.headers]);
    for (const part of partsOf(body.transport.worker_token)) expect(text).not.toContain(part);
    if (text.includes('worker_token')) expect(text).toContain('"worker_token":"[redacted]"');
  }
});

test('the token is never in the database in plain text or in the log, whatever the response', async () => {
  const good = await sessionCreate({ room: 'secret room' });
  const another = await mintWorkerToken({ room: 'secret room', expiresIn: 1200 });
  const expired = await sessionCreate({ expiresIn: -10 });
  const inUse = { ...good, transport: { ...good.transport, worker_token: another } };
  const unknownField = { ...good, transport: { ...good.transport, worker_tokens: another } };
  const responses = [];
  for (const [index, json] of [good, good, inUse, expired, unknownField].entries()) {
    const headers = { 'Idempotency-Key': `request-${index}` };
    responses.push(await server.request('/v1/sessions', { method: 'POST', json, headers }));
  }
  expect(responses.map(({ status }) => status)).toEqual([201, 201, 409, 422, 422]);

  for (const part of [good.transport.worker_token, another, expired.transport.worker_token].flatMap(
    partsOf,
  )) {
    expect(await tablesHolding(server.database, part)).toEqual([]);
    expect(server.logLines.join()).not.toContain(part);
    for (const response of responses) expect(await response.clone().text()).not.toContain(part);
  }
  // Shows that the search finds existing text.
  expect(await tablesHolding(server.database, 'secret room')).toContain('public.sessions');
});

test('the stored token can be decrypted with the key, and only for its session', async () => {
  const body = await sessionCreate();
  const { id } = await read<Session>(server.request('/v1/sessions', { method: 'POST', json: body }));
  const sealed = (await sealedToken(id)) ?? new Uint8Array();
  const cipher = new TokenCipher(TOKEN_KEY);
  expect(cipher.open(sealed, id)).toBe(body.transport.worker_token);
  expect(() => cipher.open(sealed, `${id}0`)).toThrow();
  expect(() => new TokenCipher(Buffer.alloc(32, 8)).open(sealed, id)).toThrow();
});

test('the same token is encrypted differently each time', async () => {
  const token = await mintWorkerToken({ room: 'sealed' });
  const sealed = [];
  for (const url of ['wss://one.example.com', 'wss://two.example.com']) {
    const transport = { url, worker_token: token };
    const { id } = await read<Session>(postSession(server, { room: 'sealed', transport }));
    sealed.push(Buffer.from((await sealedToken(id)) ?? []).toString('hex'));
  }
  expect(sealed[0]).not.toBe('');
  expect(sealed[0]).not.toBe(sealed[1]);
});

test('the token and its hash are erased when the session is terminal', async () => {
  const { id } = await read<Session>(postSession(server));
  expect(await sealedToken(id)).toBeInstanceOf(Uint8Array);
  expect(await tokenHash(id)).toBeInstanceOf(Uint8Array);
  await endSession(server, id);
  expect(await sealedToken(id)).toBeUndefined();
  expect(await tokenHash(id)).toBeNull();
});
