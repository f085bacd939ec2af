import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { OperationId } from '@greenroom/contract';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { pino } from 'pino';

import type { Handlers } from '../../src/contract/handlers.ts';
import { ApiError } from '../../src/errors/api-error.ts';
import { Admission } from '../../src/http/admission.ts';
import { CallerConcurrency } from '../../src/http/caller-concurrency.ts';
import { pipeline } from '../../src/http/pipeline.ts';
import { CLIENT_TIMEOUTS } from '../../src/http/timeouts.ts';
import { errorOf } from '../harness/error-response.ts';

/** Returns the next result of this server's only handler, which the types forbid. */
let misbehave: () => unknown;
let server: Server;
let url: string;
const log: string[] = [];

const passOn: RequestHandler = (_request, _response, next) => next();

beforeAll(async () => {
  const app = pipeline({
    log: pino({}, { write: (line: string) => log.push(line) }),
    metrics: null,
    tracing: null,
    fairnessKeyOf: () => '',
    trustProxy: false,
    admission: new Admission(10, pino({ level: 'silent' })),
    concurrency: new CallerConcurrency(10),
    workerConcurrency: new CallerConcurrency(10),
    bodyTimeoutMs: CLIENT_TIMEOUTS.bodyMs,
    handlers: anyHandlers(async () => misbehave()),
    announceAddressLimit: () => undefined,
    limit: () => () => undefined,
    authenticate: passOn,
    authenticateAgain: () => Promise.resolve(),
    authorize: () => () => undefined,
    pages: [passOn],
    noteOutOfSpace: () => undefined,
    errorPagePath: () => null,
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  log.splice(0);
});
afterAll(() => {
  server.close();
});

function anyHandlers(handler: () => Promise<unknown>): Handlers {
  return new Proxy({}, { get: () => new Proxy({}, { get: () => handler }) }) as Handlers;
}

/** The one operation that needs no key. */
const OPERATION = 'status.get' satisfies OperationId;
const INTERNAL = { status: 500, code: 'internal', param: null };

async function send(misbehaviour: () => unknown) {
  misbehave = misbehaviour;
  return errorOf(await fetch(`${url}/v1/status`));
}

const STATUS = { status: 'operational', components: [], updated_at: '2026-01-01T00:00:00.000Z' };

test('a status that the operation does not declare is never sent', async () => {
  for (const status of [201, 204, 302, 404, 418]) {
    expect(await send(() => ({ status, body: STATUS }))).toEqual(INTERNAL);
    expect(log.join()).toContain(OPERATION);
    log.splice(0);
  }
});

test('a body that the operation does not declare is never sent', async () => {
  const bodies = [
    { ...STATUS, surprise: 1 },
    { ...STATUS, status: 'fine' },
    { ...STATUS, updated_at: '2026-02-30T00:00:00Z' },
    {},
    [],
    null,
    'text',
    undefined,
  ];
  for (const body of bodies) expect(await send(() => ({ status: 200, body }))).toEqual(INTERNAL);
});

test('a rejected response leaves none of its headers', async () => {
  misbehave = () => ({ status: 200, headers: { Location: '/v1/secret' }, body: {} });
  const response = await fetch(`${url}/v1/status`);
  expect(response.status).toBe(500);
  expect(response.headers.get('location')).toBeNull();
});

test('a response without a body is sent only where the document declares no body', async () => {
  for (const status of [200, 204]) expect(await send(() => ({ status }))).toEqual(INTERNAL);
});

test('an error that the operation does not declare is a 500', async () => {
  const refused = await send(() => {
    throw new ApiError('session.not_found', { values: { session_id: 'sess_1' } });
  });
  expect(refused).toEqual(INTERNAL);
  expect(log.join()).toContain('session.not_found');
});

test('anything thrown becomes the error envelope', async () => {
  const values = [
    new Error('SELECT secret'),
    'a string',
    undefined,
    null,
    { status: 404, message: 'x', errors: [] },
  ];
  // Rejects, because lint forbids throwing arbitrary values.
  for (const value of values) expect(await send(() => Promise.reject(value as Error))).toEqual(INTERNAL);
});

test('a response that cannot be written as JSON is a 500', async () => {
  const body: Record<string, unknown> = { ...STATUS };
  body['components'] = [body];
  expect(await send(() => ({ status: 200, body }))).toEqual(INTERNAL);
  expect(await send(() => ({ status: 200, body: { ...STATUS, components: 5n } }))).toEqual(INTERNAL);
});
