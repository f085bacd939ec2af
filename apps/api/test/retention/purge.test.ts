import type { Database } from '@greenroom/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { SYSTEM, listAuditEntries } from '../../src/audit/audit-repository.ts';
import { purgeResponses } from '../../src/idempotency/idempotency-repository.ts';
import { PURGE_BATCH, purgeAudit, purgeSessions } from '../../src/retention/purge-repository.ts';
import { purgeExpired } from '../../src/retention/purge.ts';
import { errorOf } from '../harness/error-response.ts';
import { brokenInvariants } from '../harness/invariants.ts';
import { explaining } from '../harness/query-plan.ts';
import { postSession, read, type Schemas } from '../harness/responses.ts';
import { idAt, insertSessions, type SessionRow } from '../harness/rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const RETENTION = { sessionDays: 365, usageDays: 730, ledgerDays: 1000, auditDays: 100 };
const DAY_MS = 86_400_000;
/** In the middle of a month. */
const NOW = new Date('2026-11-15T12:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ sessions: { joinDeadlineSeconds: 600 } });
});
afterAll(() => server.close());

const purge = () => purgeExpired(server.serverDatabase, RETENTION, { now: NOW });
const sql = (text: string, values: unknown[]) =>
  server.database.pool.query<Record<string, unknown>>(text, values);
const idsIn = async (table: string, orgId: string) => {
  const { rows } = await sql(`SELECT id FROM ${table} WHERE org_id = $1 ORDER BY id`, [orgId]);
  return rows.map(({ id }) => id);
};

/** Inserts a billed session with its event, usage event and total. */
async function insertBilled(orgId: string, at: Date, row: SessionRow = {}): Promise<string> {
  const tenant = { orgId, mode: 'live' };
  const [id = ''] = await insertSessions(server.database, [
    { ...tenant, id: idAt('sess', at), billableSeconds: 60, transitions: 1, ...row },
  ]);
  const { prisma } = server.database;
  const event = { from: 'created', to: 'queued', actor: 'customer', reason: 'requested' };
  await prisma.sessionEvent.create({
    data: { ...tenant, sessionId: id, sequence: 0, id: idAt('evt', at), ...event },
  });
  const usage = { quality: 'standard', billableSeconds: 60, credits: 1 };
  await prisma.usageEvent.create({
    data: {
      ...tenant,
      ...usage,
      sessionId: id,
      id: idAt('use', at),
      intervalStart: at,
      intervalEnd: at,
      multiplier: 1,
    },
  });
  const month = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
  await prisma.usageTotal.create({ data: { ...tenant, ...usage, month, sessions: 1, continuedSessions: 0 } });
  await sql(`UPDATE accounts SET credits_balance = credits_balance - 1 WHERE org_id = $1 AND mode = 'live'`, [
    orgId,
  ]);
  return id;
}

const broken = () => brokenInvariants(server.databaseUrl, new Set());

test('sessions and usage events are deleted at the end of their retention, and totals and balances remain', async () => {
  const { live: key } = await server.createOrg({ id: 'old', credits: 100 });
  const times = [900, 731, 500, 364].map(daysAgo);
  const sessions = [];
  for (const time of times) sessions.push(await insertBilled('old', time));
  expect(await broken()).toEqual([]);
  const months = times.map((time) => new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 1)));
  const usageOf = (month: Date) => {
    const end = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
    const period = `period_start=${month.toISOString()}&period_end=${end.toISOString()}`;
    return read<Schemas['UsageSummary']>(server.request(`/v1/usage?${period}`, { key }));
  };
  const before = await Promise.all(months.map(usageOf));
  expect(before.map(({ sessions, billable_seconds }) => [sessions, billable_seconds])).toEqual(
    times.map(() => [1, 60]),
  );

  await purge();
  expect(await idsIn('sessions', 'old')).toEqual(sessions.slice(3));
  const { rows: events } = await sql('SELECT session_id FROM session_events WHERE org_id = $1', ['old']);
  expect(events).toEqual([{ session_id: sessions[3] }]);
  // The month of the event 731 days ago is partly younger, so the whole month is kept.
  expect(await idsIn('usage_events', 'old')).toEqual(
    [731, 500, 364].map((days) => idAt('use', daysAgo(days))),
  );
  expect(await Promise.all(months.map(usageOf))).toEqual(before);
  expect(await broken()).toEqual([]);

  const summary = (from: Date | undefined, to: Date | undefined) =>
    server.request(`/v1/usage?period_start=${from?.toISOString()}&period_end=${to?.toISOString()}`, { key });
  for (const [from, to, param] of [
    [times[0], times[3], 'period_start'],
    [months[0], times[3], 'period_end'],
  ] as const) {
    expect(await errorOf(await summary(from, to))).toEqual({ status: 422, code: 'period.purged', param });
  }
  expect((await summary(months[0], months[3])).status).toBe(200);
  // The period ends in the future, so all months are complete.
  expect((await summary(months[0], new Date(Date.now() + 10 * DAY_MS))).status).toBe(200);
  expect((await summary(times[1], times[3])).status).toBe(200);

  await purge();
  expect(await idsIn('sessions', 'old')).toEqual(sessions.slice(3));
});

test('a live session and the stored response of a create are kept regardless of their age', async () => {
  const { test: key } = await server.createOrg({ id: 'kept' });
  const [old = ''] = await insertSessions(server.database, [
    { orgId: 'kept', id: idAt('sess', daysAgo(800)), status: 'running' },
  ]);
  await sql(`UPDATE assignments SET deadline_at = now() + interval '1 hour' WHERE id = $1`, [old]);
  await sql(`UPDATE accounts SET active_sessions = 1 WHERE org_id = 'kept' AND mode = 'test'`, []);
  const headers = { 'Idempotency-Key': 'kept' };
  const create = async () => read<{ id: string }>(postSession(server, { room: 'kept' }, { key, headers }));
  const { id } = await create();
  await purgeExpired(server.serverDatabase, { ...RETENTION, sessionDays: 2 });
  await purgeResponses(server.serverDatabase);
  expect(await idsIn('sessions', 'kept')).toEqual([old, id].sort());
  expect(await idsIn('assignments', 'kept')).toEqual([old, id].sort());
  const { rows } = await sql('SELECT key FROM idempotency_records WHERE org_id = $1', ['kept']);
  expect(rows).toEqual([{ key: 'kept' }]);
});

test('more rows than a batch are deleted by one run, and a stopped run continues in the next', async () => {
  await server.createOrg({ id: 'many' });
  const rows = Array.from({ length: PURGE_BATCH + 10 }, (_, serial) => ({
    orgId: 'many',
    id: idAt('sess', daysAgo(400), serial),
  }));
  await insertSessions(server.database, rows);
  await purgeExpired(server.serverDatabase, RETENTION, { now: NOW, signal: AbortSignal.abort() });
  expect(await idsIn('sessions', 'many')).toHaveLength(rows.length);
  await Promise.all([purge(), purge()]);
  expect(await idsIn('sessions', 'many')).toEqual([]);
});

test('expired responses of several tenants are deleted, and others are kept', async () => {
  const tenants = ['first', 'second'];
  for (const id of tenants) await server.createOrg({ id });
  const record = (orgId: string, key: string, expiresAt: Date) => ({
    ...{
      orgId,
      mode: 'test',
      key,
      fingerprint: new Uint8Array(32),
      statusCode: 201,
      headers: {},
      body: '{}',
    },
    expiresAt,
  });
  const [past, future] = [new Date(Date.now() - 1000), new Date(Date.now() + DAY_MS)];
  await server.database.prisma.idempotencyRecord.createMany({
    data: tenants.flatMap((id) => [
      ...Array.from({ length: PURGE_BATCH }, (_, serial) => record(id, `past ${serial}`, past)),
      record(id, 'future', future),
    ]),
  });
  await purgeResponses(server.serverDatabase);
  const { rows } = await sql(
    'SELECT org_id, key FROM idempotency_records WHERE org_id = ANY ($1) ORDER BY 1',
    [tenants],
  );
  expect(rows).toEqual(tenants.map((id) => ({ org_id: id, key: 'future' })));
});

test('old entries of the credit history become part of the opening balance', async () => {
  await server.createOrg({ id: 'ledger', credits: 10 });
  const entry = (days: number, credits: number) => ({
    ...{
      orgId: 'ledger',
      mode: 'live',
      id: idAt('crd', daysAgo(days)),
      credits,
      reason: 'Invoice',
      at: daysAgo(days),
    },
    kind: credits > 0 ? 'grant' : 'debit',
  });
  await server.database.prisma.creditEntry.createMany({
    data: [entry(2000, 5.5), entry(1500, -2), entry(999, 7)],
  });
  await sql(`UPDATE accounts SET credits_balance = 20.5 WHERE org_id = 'ledger' AND mode = 'live'`, []);
  expect(await broken()).toEqual([]);
  await Promise.all([purge(), purge()]);
  const { rows } = await sql(
    `SELECT kind, credits::float8 AS credits, reason FROM credit_entries WHERE org_id = 'ledger' AND mode = 'live' ORDER BY id`,
    [],
  );
  expect(rows).toEqual([
    { kind: 'adjustment', credits: 13.5, reason: 'Opening balance' },
    { kind: 'grant', credits: 7, reason: 'Invoice' },
  ]);
  expect(await broken()).toEqual([]);
});

test('old audit entries are deleted', async () => {
  const [old, young] = [101, 99].map((days) => idAt('aud', daysAgo(days)));
  for (const id of [old, young]) {
    await sql(
      `INSERT INTO audit_entries (id, org_id, actor_kind, actor_id, action) VALUES ($1, 'audited', $2, $3, 'api_key.create')`,
      [id, SYSTEM.kind, SYSTEM.id],
    );
  }
  await purge();
  const filter = { orgId: 'audited', since: undefined, before: undefined, take: 10 };
  expect((await listAuditEntries(server.database, filter)).map(({ id }) => id)).toEqual([young]);
});

test.each(['custom', 'generic'] as const)(
  'a batch reads its rows by indexes, with a %s plan',
  async (mode) => {
    await server.createOrg({ id: 'large' });
    const serials = 'generate_series(1, 10000) AS n ON CONFLICT DO NOTHING';
    await sql(
      `INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
                           transport_url, room_name, worker_identity, seat_hash)
     SELECT 'large', 'live', 'sess_01KKGP79VG' || lpad(n::text, 16, '0'), 'ended', 'av_stock_001', 'standard', 60, 30,
            'wss://rooms.example.com', 'lobby', 'greenroom-worker', sha256(n::text::bytea) FROM ${serials}`,
      [],
    );
    await sql(
      `INSERT INTO audit_entries (id, actor_kind, actor_id, action)
     SELECT 'aud_01KKGP79VG' || lpad(n::text, 16, '0'), 'system', 'test', 'api_key.create' FROM ${serials}`,
      [],
    );
    await sql('ANALYZE sessions, audit_entries', []);
    const tenant = { orgId: 'large', mode: 'live' } as const;
    const purges = {
      sessions: (database: Database) => purgeSessions(database, tenant, NOW),
      audit_entries: (database: Database) => purgeAudit(database, NOW),
    };
    for (const [table, run] of Object.entries(purges)) {
      const { database, planOf } = explaining(server.database, mode);
      await run(database);
      const reads = planOf().filter((step) => step.table === table && step.type !== 'ModifyTable');
      expect(reads.map(({ index }) => index)).not.toContain(undefined);
      expect(Math.max(...reads.map(({ rowsRead }) => rowsRead))).toBe(PURGE_BATCH);
    }
  },
);

test('the server schedules and runs both jobs, each once for all processes', async () => {
  await server.another();
  const { rows } = await sql(
    `SELECT task_identifier AS task, run_at FROM graphile_worker.jobs WHERE key = ANY ($1) ORDER BY 1`,
    [['grant_included_credits', 'purge_expired']],
  );
  expect(rows.map(({ task }) => task)).toEqual(['grant_included_credits', 'purge_expired']);
  const [credits, purged] = rows.map(({ run_at: time }) => time as Date);
  expect([credits?.getUTCMinutes(), credits?.getUTCSeconds()]).toEqual([0, 5]);
  expect([purged?.getUTCHours(), purged?.getUTCMinutes()]).toEqual([3, 0]);

  const { live } = await server.createOrg({ id: 'due', planId: 'free', credits: 0 });
  await sql(`UPDATE orgs SET credits_month = '2020-01-01' WHERE id = 'due'`, []);
  await sql(`SELECT graphile_worker.add_job('grant_included_credits')`, []);
  // A live session needs the credits.
  await createSessionWhenGranted(live);
});

async function createSessionWhenGranted(key: string): Promise<void> {
  for (;;) {
    const response = await postSession(server, { max_duration_seconds: 60 }, { key });
    if (response.status === 402) continue;
    expect(response.status).toBe(201);
    return;
  }
}

test('webhook deliveries are deleted after 30 days, and those that a crash left of a deleted endpoint at once', async () => {
  await server.createOrg({ id: 'webhooks' });
  const tenant = ['webhooks', 'test'];
  await sql(
    `INSERT INTO webhook_endpoints (org_id, mode, id, url, description, event_types, secret_encrypted, event_sequence)
     VALUES ($1, $2, 'whe_2', 'https://example.com', '', '{}', '', 0)`,
    tenant,
  );
  const kept = idAt('whd', daysAgo(29));
  for (const id of [kept, idAt('whd', daysAgo(31))]) {
    await sql(
      `INSERT INTO webhook_deliveries (org_id, mode, id, endpoint_id, event_id, event_type, status)
       VALUES ($1, $2, $3, 'whe_2', 'evt_1', 'ping', 'succeeded')`,
      [...tenant, id],
    );
  }
  // Deleted endpoints before and after the existing one.
  for (const endpoint of ['whe_1', 'whe_3']) {
    await sql(
      `INSERT INTO webhook_deliveries (org_id, mode, id, endpoint_id, event_id, event_type, next_attempt_at)
       SELECT $1, $2, $3 || number, $4, 'evt_1', 'ping', now() + interval '1 hour'
         FROM generate_series(0, ${PURGE_BATCH}) AS number`,
      [...tenant, `${idAt('whd', daysAgo(1))}${endpoint}`, endpoint],
    );
  }
  await purge();
  expect(await idsIn('webhook_deliveries', 'webhooks')).toEqual([kept]);
});
