import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';

import { operationTable } from '@greenroom/contract';
import { openDatabase } from '@greenroom/database';
import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { breakableConnection } from '../harness/breakable-connection.ts';
import { scrape, valueOf } from '../harness/exposition.ts';
import { createSession, postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker } from '../harness/worker.ts';

const ANY_PORT = { host: '127.0.0.1', port: 0 };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ metrics: ANY_PORT, sessions: { leaseSeconds: 1 } });
}, 60_000);
afterAll(() => server.close());

/** Waits until a metric of the server has a value. */
async function untilValue(
  name: string,
  labels: Record<string, string>,
  condition: (value: number) => boolean,
): Promise<void> {
  await until(async () => {
    const value = valueOf(await scrape(server.metricsUrl), name, labels);
    return value !== undefined && condition(value);
  });
}

test('requests are counted by operation, status and error code, and their durations by operation', async () => {
  await createSession(server);
  await postSession(server, { avatar_id: 'av_01M85CEE6ZBC8QC8N8K371PSV4' });
  const operation = 'sessions.create';
  await untilValue(
    'greenroom_http_requests_total',
    { operation, status: '201', code: 'none' },
    (n) => n === 1,
  );
  await untilValue(
    'greenroom_http_requests_total',
    { operation, status: '404', code: 'avatar.not_found' },
    (n) => n === 1,
  );
  const samples = await scrape(server.metricsUrl);
  expect(valueOf(samples, 'greenroom_http_request_duration_seconds_count', { operation })).toBe(2);
  expect(valueOf(samples, 'greenroom_http_request_duration_seconds_bucket', { operation, le: '+Inf' })).toBe(
    2,
  );
});

test('paths and methods that a caller makes up add no time series', async () => {
  const series = async () =>
    (await scrape(server.metricsUrl)).filter(({ name }) => name.startsWith('greenroom_http_')).length;
  const statuses = { operation: 'none', status: '404', code: 'route.not_found' };
  await server.request('/v1/made-up');
  await untilValue('greenroom_http_requests_total', statuses, (n) => n === 1);
  const before = await series();
  for (let at = 0; at < 20; at += 1) await server.request(`/v1/made-up-${at}?of=${at}`);
  await untilValue('greenroom_http_requests_total', statuses, (n) => n === 21);
  expect(await series()).toBe(before);

  const operations = new Set(
    (await scrape(server.metricsUrl)).flatMap(({ labels }) => labels['operation'] ?? []),
  );
  for (const operation of operations) expect([...Object.keys(operationTable), 'none']).toContain(operation);
});

test('a request whose client disconnects has no status', async () => {
  const worker = await registerWorker(server, { runtime_type: 'livekit' });
  const aborted = new AbortController();
  const claim = worker.claim(30, { signal: aborted.signal });
  await until(async () => (await server.request('/v1/status', { key: null })).ok);
  aborted.abort();
  await expect(claim).rejects.toThrow();
  await untilValue(
    'greenroom_http_requests_total',
    { operation: 'workers.claim', status: 'aborted', code: 'none' },
    (n) => n === 1,
  );
});

test('live sessions, the queue, claims, reserved credits and lost leases are measured', async () => {
  const mode = 'live';
  await createSession(server, {}, server.keys.live);
  await untilValue('greenroom_queue_sessions', { mode }, (n) => n === 1);
  await untilValue('greenroom_queue_oldest_age_seconds', { mode }, (seconds) => seconds > 0 && seconds < 60);
  await untilValue('greenroom_sessions', { mode, status: 'queued' }, (n) => n === 1);
  await untilValue('greenroom_credits_reserved', { mode }, (credits) => credits > 0);

  await claimed(await registerWorker(server, { runtime_type: 'livekit' }));
  const samples = await scrape(server.metricsUrl);
  expect(valueOf(samples, 'greenroom_claim_wait_seconds_count')).toBe(1);
  expect(valueOf(samples, 'greenroom_database_connections', { state: 'idle' })).toBeGreaterThanOrEqual(0);
  expect(valueOf(samples, 'greenroom_database_connections_max')).toBe(10);
  expect(valueOf(samples, 'greenroom_database_connections_waiting')).toBe(0);
  expect(valueOf(samples, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  expect(valueOf(samples, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  // The worker sends no report.
  await untilValue('greenroom_leases_lost_total', {}, (n) => n >= 1);
});

test('a session that is claimed again adds no wait', async () => {
  const fresh = await startTestServer({ metrics: ANY_PORT, sessions: { leaseSeconds: 1 } });
  const waits = async () => valueOf(await scrape(fresh.metricsUrl), 'greenroom_claim_wait_seconds_count');
  await createSession(fresh);
  const worker = await registerWorker(fresh);
  await claimed(worker);
  expect(await waits()).toBe(1);
  // Its lease expires, so it is queued and claimed again.
  expect((await claimed(worker, 20)).fence).toBeGreaterThan(1);
  expect(await waits()).toBe(1);
  await fresh.close();
});

test('while the database fails, the metrics of the process are served without those of the database', async () => {
  const connection = await breakableConnection(server.databaseUrl);
  const database = openDatabase(connection.url, { poolSize: 4, applicationName: 'greenroom-fragile' });
  const fragile = await server.another({ metrics: ANY_PORT, database, databaseUrl: connection.url });
  const samples = () => scrape(fragile.metricsUrl);
  expect(valueOf(await samples(), 'greenroom_database_up')).toBe(1);
  expect(valueOf(await samples(), 'greenroom_queue_sessions', { mode: 'test' })).toBeDefined();
  await connection.cut();
  await until(async () => valueOf(await samples(), 'greenroom_database_up') === 0);
  const without = await samples();
  for (const name of ['greenroom_sessions', 'greenroom_queue_sessions', 'greenroom_credits_reserved']) {
    expect(valueOf(without, name)).toBeUndefined();
  }
  expect(valueOf(without, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  await connection.restore();
  await until(async () => valueOf(await samples(), 'greenroom_database_up') === 1);
  await fragile.close();
  await database.close();
  await connection.close();
});

test('the address of the metrics serves nothing else, and the API does not serve them', async () => {
  const url = server.metricsUrl ?? '';
  expect((await fetch(new URL('/v1/sessions', url))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  expect((await fetch(new URL('/metrics', server.url))).status).toBe(404);
});

test('an idle connection to the metrics does not delay a stop', async () => {
  const stopping = await server.another({ metrics: ANY_PORT });
  const { port } = new URL(stopping.metricsUrl ?? '');
  const idle = connect(Number(port), '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  const closed = new Promise((resolve) => idle.once('close', resolve));
  await stopping.close();
  await closed;
  await expect(fetch(stopping.metricsUrl ?? '')).rejects.toThrow();
});

test('a scrape that fails is an error, and the next one can succeed', async () => {
  const { pool } = server.serverDatabase;
  Object.defineProperty(pool, 'idleCount', {
    configurable: true,
    get() {
      throw new Error('The pool cannot be counted');
    },
  });
  const failed = await fetch(server.metricsUrl ?? '', { signal: AbortSignal.timeout(20_000) });
  expect([failed.status, await failed.text()]).toEqual([500, expect.stringContaining('cannot be collected')]);
  Reflect.deleteProperty(pool, 'idleCount');
  expect((await fetch(server.metricsUrl ?? '')).status).toBe(200);
  expect(server.logLines.join('')).toContain('could not send the metrics');
});

test('a process that waits for the port of its metrics says so when it takes long', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const metrics = { host: '127.0.0.1', port, isSuccessor: true, patienceMs: 300 };
  const waiting = await server.another({ metrics });
  await until(() => waiting.logLines.some((line) => line.includes('another program has the port')));
  holder.close();
  const url = `http://127.0.0.1:${port}/metrics`;
  await until(async () => (await fetch(url).catch(() => null))?.status === 200);
  await waiting.close();
});

test('no metrics are served unless they are configured', async () => {
  const other = await server.another({ metrics: null });
  expect(other.metricsUrl).toBeNull();
  await other.close();
});

test('the guide explains exactly the metrics that are served, and its alerts use no others', async () => {
  const guide = await readFile(new URL('../../../docs/guides/monitor.md', import.meta.url), 'utf8');
  const namesIn = (text: string, pattern: RegExp) =>
    new Set([...text.matchAll(pattern)].map(([, name = '']) => name));
  const text = await (await fetch(server.metricsUrl ?? '')).text();
  const served = namesIn(text, /^# TYPE (greenroom_\w+)/gm);
  expect(namesIn(guide, /^\| `(greenroom_\w+)`/gm)).toEqual(served);
  expect([...namesIn(guide, /\b(greenroom_\w+)/g)].filter((name) => !served.has(name))).toEqual([]);
});
