import { inspect } from 'node:util';

import { describe, expect, test } from '@jest/globals';

import { failure, REQUEST_ID, SESSION_ID, sessionCreate } from '../../test/responses.ts';
import { scriptedServer, type Step } from '../../test/scripted-server.ts';
import { createGreenroom, type Greenroom } from '../create-greenroom.ts';
import { GreenroomConnectionError, GreenroomError } from './greenroom-errors.ts';

const apiKey = 'sk_test_0123456789abcdef';
const token = sessionCreate.transport.worker_token;

const clientOf = (server: { baseUrl: string }) =>
  createGreenroom({ apiKey, baseUrl: server.baseUrl, maxRetries: 0 });

const errorOf = async (call: PromiseLike<unknown>): Promise<GreenroomError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GreenroomError)) throw new Error('Expected a GreenroomError', { cause: error });
  return error;
};

test('an error of the API has the fields of the response and its status', async () => {
  await using server = await scriptedServer({
    status: 422,
    json: {
      error: {
        type: 'unprocessable',
        code: 'worker_token.expired',
        message: 'The token has expired.',
        param: 'transport.worker_token',
        request_id: REQUEST_ID,
      },
    },
  });
  const error = await errorOf(clientOf(server).sessions.create(sessionCreate));
  expect(error).toBeInstanceOf(Error);
  expect(Object.fromEntries(Object.entries(error))).toStrictEqual({
    name: 'GreenroomError',
    type: 'unprocessable',
    code: 'worker_token.expired',
    param: 'transport.worker_token',
    status: 422,
    requestId: REQUEST_ID,
    retryable: false,
  });
  expect(String(error)).toBe('GreenroomError: The token has expired.');
});

test.each([
  ["a proxy's page", { status: 502, headers: { 'x-request-id': REQUEST_ID }, body: `<h1>${apiKey}</h1>` }],
  [
    'a success that is not JSON',
    { status: 200, headers: { 'x-request-id': REQUEST_ID }, body: '<h1>Hi</h1>' },
  ],
  [
    'a success without a body',
    { status: 200, headers: { 'x-request-id': REQUEST_ID, 'content-length': '0' } },
  ],
  [
    'JSON that is not an envelope',
    { status: 400, headers: { 'x-request-id': REQUEST_ID }, json: { error: 'no' } },
  ],
  ['a redirect', { status: 307, headers: { 'x-request-id': REQUEST_ID, location: '/elsewhere' } }],
])('%s is an unexpected response', async (_, step) => {
  await using server = await scriptedServer(step);
  const error = await errorOf(clientOf(server).sessions.get(SESSION_ID));
  expect(error).toMatchObject({
    type: 'unexpected_response',
    code: 'unexpected_response',
    status: step.status,
    requestId: REQUEST_ID,
  });
  expect(server.seen).toHaveLength(1);
});

test('an unreachable server is a connection error with the reason', async () => {
  const server = await scriptedServer('drop');
  await server[Symbol.asyncDispose]();
  const error = await errorOf(clientOf(server).status.get());
  expect(error).toBeInstanceOf(GreenroomConnectionError);
  expect(error).toMatchObject({ type: 'connection', status: null, requestId: null });
  expect(error.message).toContain(server.baseUrl);
  expect(error.message).toContain('ECONNREFUSED');
});

test('a body that cannot be written as JSON is a TypeError, not a connection error', async () => {
  const { sessions } = clientOf({ baseUrl: 'http://127.0.0.1:9' });
  const create = sessions.create as (body: unknown) => Promise<unknown>;
  await expect(create({ ...sessionCreate, metadata: { count: 1n } })).rejects.toThrow(TypeError);
});

test.each<[string, boolean, Step]>([
  ['a connection that is dropped', true, 'drop'],
  ['a timeout', true, 'hang'],
  ['503', true, failure(503, 'service_unavailable', 'draining')],
  [
    '503 whose wait is too long for the client',
    true,
    failure(503, 'service_unavailable', 'draining', { 'retry-after': '61' }),
  ],
  ["a gateway's 502", true, { status: 502, body: '<h1>Bad gateway</h1>' }],
  ['429 for an exceeded rate limit', true, failure(429, 'rate_limit', 'rate_limit.exceeded')],
  ['429 for a quota', false, failure(429, 'quota_exceeded', 'concurrent_sessions')],
  ['409 for a conflict that stays', false, failure(409, 'conflict', 'worker_identity.in_use')],
  ['404', false, failure(404, 'not_found', 'session.not_found')],
  ['500', false, failure(500, 'internal', 'internal')],
])('the error of %s has retryable %s', async (_, retryable, step) => {
  await using server = await scriptedServer(step);
  const error = await errorOf(clientOf(server).sessions.get(SESSION_ID, { timeoutMs: 500 }));
  expect(error.retryable).toBe(retryable);
});

describe('neither the API key nor the worker token is anywhere in', () => {
  const expectClean = (value: unknown) => {
    const texts = [
      inspect(value, { depth: null, showHidden: true }),
      String(value),
      JSON.stringify(value),
      value instanceof Error ? (value.stack ?? '') : '',
    ].join('\n');
    expect(texts).not.toContain(apiKey);
    expect(texts).not.toContain(token);
  };
  const create = async ({ sessions }: Greenroom) => errorOf(sessions.create(sessionCreate));

  test('an error of the API, even one whose message quotes them', async () => {
    const message = `Cannot use ${token} with Bearer ${apiKey}`;
    await using server = await scriptedServer(failure(500, 'internal', 'internal', {}, message));
    expectClean(await create(clientOf(server)));
  });

  test('a connection error', async () => {
    await using server = await scriptedServer('drop');
    expectClean(await create(clientOf(server)));
  });

  test('a connection error from a fetch whose own error contains the request', async () => {
    const fetch = async (request: Request) => {
      const cause = new Error(`${request.headers.get('authorization') ?? ''}: ${await request.text()}`);
      throw Object.assign(new Error('refused', { cause }), { request });
    };
    const error = await create(
      createGreenroom({ apiKey, baseUrl: 'http://127.0.0.1:9', fetch, maxRetries: 0 }),
    );
    expect(error.message).toContain('refused');
    expectClean(error);
  });

  test('the client itself', () => {
    expectClean(clientOf({ baseUrl: 'http://127.0.0.1:9' }));
  });
});
