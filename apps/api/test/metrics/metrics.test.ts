import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { errorTable, keyModeValues, operationTable } from '@greenroom/contract';
import { openDatabase } from '@greenroom/database';
import { reasonWithout, skippable, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { breakableConnection } from '../harness/breakable-connection.ts';
import { scrape, valueOf } from '../harness/exposition.ts';
import { startPrometheus } from '../harness/prometheus.ts';
import { namesOf } from '../harness/promql.ts';
import { createSession, postSession } from '../harness/responses.ts';
import { openStream } from '../harness/stream-reader.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { startReceiver } from '../harness/webhook-receiver.ts';
import { claimed, registerWorker } from '../harness/worker.ts';

const GUIDE = new URL('../../../docs/guides/monitor.md', import.meta.url);
const PROMETHEUS = fileURLToPath(new URL('../../../release/prometheus/', import.meta.url));
const DASHBOARD = new URL('../../../release/grafana/greenroom.json', import.meta.url);

const alerts = (
  parse(readFileSync(`${PROMETHEUS}greenroom.rules.yml`, 'utf8')) as {
    groups: [{ rules: { alert: string; expr: string }[] }];
  }
).groups[0].rules;
const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
  panels: { targets: { expr: string }[] }[];
};
const queries = [
  ...alerts.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets }) =>
    // Grafana replaces its variable.
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')),
  ),
];

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

test('invented paths and methods add no time series', async () => {
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

test('streams, their events, webhook attempts and waiting deliveries are measured', async () => {
  const receiver = await startReceiver();
  const hooks = await startTestServer({ metrics: ANY_PORT, webhooks: { allowLoopback: true } });
  const untilMeasured = async (
    name: string,
    labels: Record<string, string>,
    condition: (value: number) => boolean,
  ) => until(async () => condition(valueOf(await scrape(hooks.metricsUrl), name, labels) ?? -1));
  const stream = await openStream(hooks);
  await untilMeasured('greenroom_event_streams', {}, (streams) => streams === 1);
  const created = await hooks.request('/v1/webhook_endpoints', {
    method: 'POST',
    json: { url: receiver.url, event_types: ['session.queued'] },
  });
  expect(created.status).toBe(201);
  await createSession(hooks);
  await stream.received(1);
  await until(() => receiver.received.length === 1);
  await untilMeasured('greenroom_event_stream_events_total', {}, (events) => events >= 1);
  await untilMeasured(
    'greenroom_webhook_attempts_total',
    { outcome: 'success' },
    (attempts) => attempts === 1,
  );
  await untilMeasured('greenroom_webhook_attempt_duration_seconds_count', {}, (attempts) => attempts === 1);
  stream.close();
  await untilMeasured('greenroom_event_streams', {}, (streams) => streams === 0);
  const { id } = (await created.json()) as { id: string };
  await hooks.database.pool.query(
    `WITH gone AS (
       INSERT INTO webhook_endpoints (org_id, mode, id, url, description, event_types, secret_encrypted, event_sequence, disabled_reason)
       SELECT org_id, mode, 'whe_gone', url, '', '{}', '', event_sequence, 'gone' FROM webhook_endpoints WHERE id = $1
     )
     INSERT INTO webhook_deliveries (org_id, mode, id, endpoint_id, event_id, event_type, next_attempt_at, claimed_until)
     SELECT org_id, mode, 'whd_' || number, id, 'evt_1', 'ping', now() - interval '1 hour', now() + interval '1 hour'
       FROM webhook_endpoints, generate_series(1, 3) AS number WHERE id = $1`,
    [id],
  );
  await untilMeasured('greenroom_webhook_deliveries_waiting', {}, (deliveries) => deliveries === 3);
  await untilMeasured('greenroom_webhook_oldest_due_age_seconds', {}, (seconds) => seconds >= 3600);
  await untilMeasured('greenroom_webhook_endpoints_disabled', {}, (endpoints) => endpoints === 1);
  await hooks.close();
  await receiver.close();
}, 60_000);

test('a session that is claimed again adds no wait to the metrics', async () => {
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

test('a process that waits long for the port of its metrics logs it', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const metrics = { host: '127.0.0.1', port, waitsForPort: true, warnAfterMs: 300 };
  const waiting = await server.another({ metrics });
  await until(() => waiting.logLines.some((line) => line.includes('port in use by another program')));
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

test('the guide explains exactly the metrics that are served', async () => {
  const guide = await readFile(GUIDE, 'utf8');
  const namesIn = (text: string, pattern: RegExp) =>
    new Set([...text.matchAll(pattern)].map(([, name = '']) => name));
  const text = await (await fetch(server.metricsUrl ?? '')).text();
  const served = namesIn(text, /^# TYPE (greenroom_\w+)/gm);
  expect(namesIn(guide, /^\| `(greenroom_\w+)`/gm)).toEqual(served);
  expect([...namesIn(guide, /\b(greenroom_\w+)/g)].filter((name) => !served.has(name))).toEqual([]);
});

test('the guide has a section for each alert, and for no other', async () => {
  const guide = await readFile(GUIDE, 'utf8');
  const sections = [...guide.matchAll(/^### (Greenroom\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(alerts.map(({ alert }) => alert));
});

test('the alerts and the dashboard use metrics, labels and values that exist', async () => {
  const samples = await scrape(server.metricsUrl);
  // Prometheus adds these.
  samples.push({ name: 'up', labels: {}, value: 1 });
  const labelsOf = (metric: string) =>
    samples.filter(({ name }) => name === metric).flatMap(({ labels }) => Object.keys(labels));
  const known: Record<string, readonly string[]> = {
    operation: Object.keys(operationTable),
    code: [...Object.keys(errorTable), 'none'],
    mode: keyModeValues,
    status: ['5..'],
    job: ['greenroom'],
    outcome: ['success'],
  };
  expect(queries.length).toBeGreaterThan(20);
  for (const query of queries) {
    const { metrics, labels, values } = namesOf(query);
    expect(metrics).not.toEqual([]);
    for (const metric of metrics) expect(samples.map(({ name }) => name)).toContain(metric);
    const existing = [...metrics.flatMap(labelsOf), 'job', 'instance'];
    for (const label of labels) expect(existing).toContain(label);
    for (const { label, value } of values) expect(known[label]).toContain(value);
  }
});

const skipReason = reasonWithout('PROMETHEUS');
(skipReason === '' ? describe : describe.skip)(skippable('with Prometheus', skipReason), () => {
  const promtool = (args: string[], input = '') => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };

  test('promtool accepts the metrics, the rules and the configuration', async () => {
    const text = await (await fetch(server.metricsUrl ?? '')).text();
    expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, output: '' });
    expect(promtool(['check', 'rules', '--lint-fatal', `${PROMETHEUS}greenroom.rules.yml`])).toMatchObject({
      status: 0,
    });
    expect(promtool(['check', 'config', `${PROMETHEUS}prometheus.yml`])).toMatchObject({ status: 0 });
  });

  test('Prometheus scrapes a server, and evaluates the rules and the queries of the dashboard', async () => {
    const prometheus = await startPrometheus(server.metricsUrl ?? '', `${PROMETHEUS}greenroom.rules.yml`);
    const resultOf = async (query: string) =>
      ((await prometheus.get('query', { query })) as { result: { value: [number, string] }[] }).result;
    try {
      await until(async () => (await resultOf('greenroom_database_up'))[0]?.value[1] === '1', 30_000);
      expect((await resultOf('up{job="greenroom"}'))[0]?.value[1]).toBe('1');
      for (const query of queries) await resultOf(query);
      const rules = async () =>
        ((await prometheus.get('rules')) as { groups: { rules: { name: string; health: string }[] }[] })
          .groups[0]?.rules;
      await until(async () => (await rules())?.every(({ health }) => health !== 'unknown') === true, 30_000);
      expect(await rules()).toMatchObject(alerts.map(({ alert }) => ({ name: alert, health: 'ok' })));
    } finally {
      await prometheus.stop();
    }
  });
});
