import { lifecycle } from '@greenroom/contract';
import pg from 'pg';

const TERMINAL = lifecycle.terminal.map((status) => `'${status}'`).join();

/** Differs from the server's, because its statements span all organisations. */
const APPLICATION_NAME = 'greenroom-test-invariants';

const READ = [
  'accounts',
  'assignments',
  'credit_entries',
  'events',
  'idempotency_records',
  'session_events',
  'sessions',
  'usage_events',
  'usage_totals',
];
/** Reads whole tables first: Citus rejects most joins over several organisations. */
const TABLES = READ.map((table) => `${table} AS MATERIALIZED (SELECT * FROM ${table})`).join();

/** Queries that must always return no rows. */
const INVARIANTS: readonly { name: string; sql: string }[] = [
  {
    name: 'active_sessions is the number of live sessions',
    sql: `SELECT org_id, mode, active_sessions, live FROM accounts
            LEFT JOIN LATERAL (
              SELECT count(*)::int AS live FROM sessions
               WHERE sessions.org_id = accounts.org_id AND sessions.mode = accounts.mode
                 AND status NOT IN (${TERMINAL})) AS counted ON true
           WHERE active_sessions <> live`,
  },
  {
    name: 'credits_reserved is the sum of the reservations of live sessions',
    sql: `SELECT org_id, mode, credits_reserved, reserved FROM accounts
            LEFT JOIN LATERAL (
              SELECT coalesce(sum(assignments.credits_reserved), 0) AS reserved FROM assignments
               WHERE assignments.org_id = accounts.org_id AND assignments.mode = accounts.mode) AS summed ON true
           WHERE accounts.credits_reserved <> reserved`,
  },
  {
    name: 'a session has one event per transition',
    sql: `SELECT id FROM sessions
           WHERE transitions <> (SELECT count(*) FROM session_events AS event
                                  WHERE event.org_id = sessions.org_id AND event.mode = sessions.mode
                                    AND event.session_id = sessions.id)`,
  },
  {
    name: 'events are numbered without gaps up to the sequence of their account',
    sql: `SELECT org_id, mode, event_sequence, counted.* FROM accounts
            LEFT JOIN LATERAL (
              SELECT count(*) AS count, coalesce(max(sequence), 0) AS last FROM events AS event
               WHERE event.org_id = accounts.org_id AND event.mode = accounts.mode) AS counted ON true
           WHERE event_sequence <> count OR event_sequence <> last`,
  },
  {
    name: 'billed seconds are the sum of the usage events',
    sql: `SELECT session.id FROM sessions AS session LEFT JOIN assignments AS assignment ON assignment.id = session.id
           WHERE coalesce(assignment.billed_seconds, session.billable_seconds) <> (
                   SELECT coalesce(sum(event.billable_seconds), 0) FROM usage_events AS event
                    WHERE event.org_id = session.org_id AND event.mode = session.mode
                      AND event.session_id = session.id)`,
  },
  {
    name: 'a session has an assignment of the same status while it is live',
    sql: `SELECT 1 FROM (SELECT id, status FROM sessions WHERE status NOT IN (${TERMINAL})) AS session
            FULL JOIN assignments AS assignment ON assignment.id = session.id
           WHERE session.status IS DISTINCT FROM assignment.status`,
  },
  {
    name: 'a terminal session has no hash of its token',
    sql: `SELECT id FROM sessions WHERE status IN (${TERMINAL}) AND worker_token_hash IS NOT NULL`,
  },
  {
    name: 'a live session has a deadline, and a worker unless it is queued',
    sql: `SELECT id FROM assignments WHERE deadline_at IS NULL OR (status <> 'queued' AND worker_id IS NULL)`,
  },
  {
    name: 'usage totals are the sums of the usage events',
    sql: `SELECT org_id, mode, quality FROM (
            SELECT org_id, mode, quality, sum(billable_seconds)::numeric AS seconds, sum(credits) AS credits
              FROM usage_events GROUP BY org_id, mode, quality) AS event
           WHERE (seconds, credits) IS DISTINCT FROM
                 (SELECT (sum(total.billable_seconds), sum(total.credits)) FROM usage_totals AS total
                   WHERE total.org_id = event.org_id AND total.mode = event.mode AND NOT total.events_purged
                     AND total.quality = event.quality)`,
  },
  {
    name: 'a balance is the sum of its entries minus the credits of the usage totals',
    sql: `SELECT org_id, mode, credits_balance, entries, used FROM accounts
            LEFT JOIN LATERAL (
              SELECT coalesce(sum(entry.credits), 0) AS entries FROM credit_entries AS entry
               WHERE entry.org_id = accounts.org_id AND entry.mode = accounts.mode) AS granted ON true
            LEFT JOIN LATERAL (
              SELECT coalesce(sum(total.credits), 0) AS used FROM usage_totals AS total
               WHERE total.org_id = accounts.org_id AND total.mode = accounts.mode) AS billed ON true
           WHERE credits_balance <> entries - used`,
  },
  {
    name: 'the session of a stored idempotent create exists',
    sql: `SELECT key FROM idempotency_records
           WHERE status_code = 201 AND body LIKE '{"id":"sess_%'
             AND NOT EXISTS (SELECT FROM sessions WHERE sessions.id = body::json->>'id')`,
  },
];

/** Resolves with a line for each broken invariant, and one for lost acknowledged sessions. */
export async function brokenInvariants(
  databaseUrl: string,
  acknowledged: ReadonlySet<string>,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: APPLICATION_NAME });
  await client.connect();
  try {
    const broken: string[] = [];
    for (const { name, sql } of INVARIANTS) {
      const { rowCount } = await client.query(`WITH ${TABLES} ${sql}`);
      if (rowCount !== 0) broken.push(`Broken for ${rowCount} rows: ${name}`);
    }
    const lost = await countLost(client, acknowledged);
    if (lost > 0) broken.push(`${lost} acknowledged sessions are lost`);
    return broken;
  } finally {
    await client.end();
  }
}

/** Resolves with a line for each create, by the key in its metadata, that made several sessions. */
export async function duplicatedCreates(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: APPLICATION_NAME });
  await client.connect();
  try {
    const { rows } = await client.query<{ key: string; count: number }>(
      `SELECT metadata->>'create' AS key, count(*)::int AS count FROM sessions
        WHERE metadata ? 'create' GROUP BY 1 HAVING count(*) > 1`,
    );
    return rows.map(({ key, count }) => `The create ${key} made ${count} sessions`);
  } finally {
    await client.end();
  }
}

async function countLost(client: pg.Client, acknowledged: ReadonlySet<string>): Promise<number> {
  const { rowCount } = await client.query('SELECT 1 FROM sessions WHERE id = ANY ($1)', [[...acknowledged]]);
  return acknowledged.size - (rowCount ?? 0);
}
