import { describe, expect, test } from '@jest/globals';

import { failure, session, SESSION_ID, sessionCreate } from '../../test/responses.ts';
import { scriptedServer, type ScriptedServer, type Step } from '../../test/scripted-server.ts';
import { createGreenroom } from '../create-greenroom.ts';
import { GreenroomConnectionError } from '../errors/greenroom-errors.ts';

const clientOf = (server: ScriptedServer) =>
  createGreenroom({ apiKey: 'sk_test_0123456789abcdef', baseUrl: server.baseUrl });

const unavailable = failure(503, 'service_unavailable', 'at_capacity', { 'retry-after': '0' });
const inUse = failure(409, 'conflict', 'idempotency_key.in_use', { 'retry-after': '0' });

describe('an idempotent request is retried after', () => {
  test.each<[string, Step]>([
    ['a connection that is dropped', 'drop'],
    ['a connection that is dropped in the middle of the response', 'drop in the middle'],
    ['503', unavailable],
    ['503 with the page of a proxy', { status: 503, body: '<h1>Busy</h1>' }],
    ['408, as for an upload over a bad network', failure(408, 'invalid_request', 'request.timeout')],
    ["a gateway's 502", { status: 502, body: '<h1>Bad gateway</h1>' }],
    [
      '429 for an exceeded rate limit',
      failure(429, 'rate_limit', 'rate_limit.exceeded', { 'retry-after': '0' }),
    ],
  ])('%s', async (_, step) => {
    await using server = await scriptedServer(step, session('running'));
    await expect(clientOf(server).sessions.get(SESSION_ID)).resolves.toMatchObject({ status: 'running' });
    expect(server.seen).toHaveLength(2);
  });

  test('409 for an idempotency key that is still in use, with the same key', async () => {
    await using server = await scriptedServer('drop', inUse, session('queued'));
    await clientOf(server).sessions.create(sessionCreate);
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(new Set(server.seen.map(({ body }) => body)).size).toBe(1);
  });
});

test('a delete whose response was lost succeeds when the next attempt finds nothing to delete', async () => {
  await using server = await scriptedServer('drop', failure(404, 'not_found', 'api_key.not_found'));
  await expect(clientOf(server).apiKeys.delete('key_01KKGP79VG6A09Y83A35BZFNZE')).resolves.toBeUndefined();
  expect(server.seen).toHaveLength(2);
});

test('a delete whose first attempt finds nothing to delete fails', async () => {
  await using server = await scriptedServer(failure(404, 'not_found', 'api_key.not_found'));
  await expect(clientOf(server).apiKeys.delete('key_01KKGP79VG6A09Y83A35BZFNZE')).rejects.toMatchObject({
    status: 404,
  });
});

describe('a request is not retried', () => {
  test.each<[string, Step]>([
    ['400', failure(400, 'invalid_request', 'status.unknown')],
    ['402', failure(402, 'quota_exceeded', 'insufficient_credit_balance')],
    [
      '409 for a conflict that stays',
      failure(409, 'conflict', 'worker_identity.in_use', { 'retry-after': '0' }),
    ],
    [
      '429 for a quota, which does not recover by itself',
      failure(429, 'quota_exceeded', 'concurrent_sessions'),
    ],
    ['500', failure(500, 'internal', 'internal')],
    [
      'Retry-After of more than a minute',
      failure(503, 'service_unavailable', 'draining', { 'retry-after': '61' }),
    ],
    ['200 that is not JSON', { status: 200, body: '<h1>Welcome to this hotel</h1>' }],
  ])('after %s', async (_, step) => {
    await using server = await scriptedServer(step, session('queued'));
    await expect(clientOf(server).sessions.create(sessionCreate)).rejects.toThrow();
    expect(server.seen).toHaveLength(1);
  });

  test.each<[string, Step]>([
    ['dropped', 'drop'],
    ['rejected with 503', unavailable],
  ])('when it is a POST without an idempotency key and is %s', async (_, step) => {
    await using server = await scriptedServer(step);
    const greenroom = clientOf(server);
    await expect(greenroom.sessions.end(SESSION_ID)).rejects.toThrow();
    expect(server.seen).toHaveLength(1);
  });

  test('more often than maxRetries of the client or of the call', async () => {
    await using server = await scriptedServer('drop');
    const { sessions } = clientOf(server);
    await expect(sessions.get(SESSION_ID, { maxRetries: 0 })).rejects.toThrow(GreenroomConnectionError);
    expect(server.seen).toHaveLength(1);
    await expect(sessions.get(SESSION_ID, { maxRetries: 1 })).rejects.toThrow(GreenroomConnectionError);
    expect(server.seen).toHaveLength(3);
  });
});

test('a retry waits as long as Retry-After, and the last error has it as retryAfterMs', async () => {
  const busy = failure(429, 'rate_limit', 'rate_limit.exceeded', { 'retry-after': '1' });
  await using server = await scriptedServer(busy);
  const call = clientOf(server).sessions.get(SESSION_ID, { maxRetries: 1 });
  await expect(call).rejects.toMatchObject({ status: 429, retryAfterMs: 1000 });
  const [first, second] = server.seen;
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
});
