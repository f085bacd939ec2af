import { sessionCreate, startOtlpReceiver } from '@greenroom/testing';
import { openTracing } from '@greenroom/tracing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';

import { createSession, endSession, getSession, read, type Session } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, performed, registerWorker } from '../harness/worker.ts';

interface Cost {
  statements: number;
  /** Statements that are sent without waiting for each other count as one. */
  roundTrips: number;
}

/** Background work adds statements to only a few of them. */
const MAX_MEASUREMENTS = 100;

let server: TestServer;
let cost: Cost = { statements: 0, roundTrips: 0 };
const pending = new WeakMap<pg.Client, number>();

type Query = (this: pg.Client, ...args: unknown[]) => unknown;
const send = Reflect.get(pg.Client.prototype, 'query') as Query;

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : (query as pg.QueryConfig).text;
}

/** Counts all statements except notifications, which follow the transaction, one for many sessions. */
const query = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
  this: pg.Client,
  ...args: unknown[]
) {
  if (textOf(args[0]).includes('pg_notify')) return send.apply(this, args);
  const before = pending.get(this) ?? 0;
  cost.statements += 1;
  if (before === 0) cost.roundTrips += 1;
  pending.set(this, before + 1);
  const settle = () => pending.set(this, (pending.get(this) ?? 1) - 1);
  const callback = args.at(-1);
  if (typeof callback === 'function') {
    const settled = (...results: unknown[]) => {
      settle();
      Reflect.apply(callback, undefined, results);
    };
    return send.apply(this, [...args.slice(0, -1), settled]);
  }
  const result = send.apply(this, args) as Promise<unknown>;
  result.then(settle, settle);
  return result;
});

beforeAll(async () => {
  server = await startTestServer();
  // From here on, the key is cached.
  await createSession(server);
});

afterAll(async () => {
  query.mockRestore();
  await server.close();
});

async function costOf(request: () => Promise<unknown>): Promise<Cost> {
  cost = { statements: 0, roundTrips: 0 };
  await request();
  return cost;
}

/** Repeats a measurement until it is as expected, because the server's background work may add statements. */
async function expectCost(expected: Cost, measure: () => Promise<Cost>): Promise<void> {
  const measured: Cost[] = [];
  while (measured.length < MAX_MEASUREMENTS) {
    const one = await measure();
    if (one.statements === expected.statements && one.roundTrips === expected.roundTrips) return;
    measured.push(one);
  }
  expect(measured).toContainEqual(expected);
}

test('a create sends five statements in two round trips, and six in three with an idempotency key', async () => {
  await expectCost({ statements: 5, roundTrips: 2 }, () => costOf(() => createSession(server)));
  const create = async (key: string) => {
    const json = await sessionCreate();
    const headers = { 'Idempotency-Key': key };
    return costOf(() => read<Session>(server.request('/v1/sessions', { method: 'POST', json, headers })));
  };
  let count = 0;
  await expectCost({ statements: 6, roundTrips: 3 }, () => create(`key ${(count += 1)}`));
});

test('a traced create sends no additional statement, and stores the context for the worker', async () => {
  await using receiver = await startOtlpReceiver();
  const config = { exporter: 'otlp', protocol: 'http/json' } as const;
  const program = { name: 'test', version: '1' };
  const before = process.env;
  process.env = { ...before, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const tracing = await openTracing(config, program, { warn: () => undefined });
  process.env = before;
  const traced = await server.another({ tracing });
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = {
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    'X-Request-Id': 'req_01KKGP79VGVVNAJTS2PNVX0WS3',
  };
  await expectCost({ statements: 5, roundTrips: 2 }, async () => {
    const json = await sessionCreate();
    return costOf(() => read<Session>(traced.request('/v1/sessions', { method: 'POST', json, headers })));
  });
  const worker = await registerWorker(traced);
  let assignment = await claimed(worker);
  while (assignment.traceparent === null) assignment = await claimed(worker);
  expect(assignment.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  expect(assignment.created_by_request).toBe(headers['X-Request-Id']);
  await traced.close();
  await tracing?.stop();
});

test('an end sends five statements in two round trips', async () => {
  const end = async () => {
    const { id } = await createSession(server);
    return costOf(() => endSession(server, id));
  };
  await expectCost({ statements: 5, roundTrips: 2 }, end);
});

test('a read sends one statement, and another one while the session is live', async () => {
  const { id } = await createSession(server);
  await expectCost({ statements: 2, roundTrips: 2 }, () => costOf(() => getSession(server, id)));
  await endSession(server, id);
  await expectCost({ statements: 1, roundTrips: 1 }, () => costOf(() => getSession(server, id)));
});

test('a claim sends eight statements in three round trips', async () => {
  const worker = await registerWorker(server);
  const measure = async () => {
    await createSession(server);
    return costOf(() => claimed(worker));
  };
  // One statement finds the worker.
  await expectCost({ statements: 8, roundTrips: 3 }, measure);
});

async function costOfReports(): Promise<{ renewal: Cost; last: Cost }> {
  const { id } = await createSession(server);
  const { worker, assignment } = await performed(server, id);
  const renewal = await costOf(() => worker.reported(assignment, { frames: 2, media_ms: 80 }));
  const last = await costOf(() =>
    worker.reported(assignment, { state: 'ended', frames: 50, media_ms: 2000 }),
  );
  return { renewal, last };
}

test('a report without a transition sends one statement', async () => {
  await expectCost({ statements: 1, roundTrips: 1 }, async () => (await costOfReports()).renewal);
});

test('a report that ends and bills a session sends five statements in two round trips', async () => {
  await expectCost({ statements: 5, roundTrips: 2 }, async () => (await costOfReports()).last);
});
