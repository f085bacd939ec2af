import pg from 'pg';

/** Encodes a number in Crockford's base 32, the encoding of a ULID's 48-bit time and 80-bit random part. */
const CROCKFORD = `
  CREATE FUNCTION pg_temp.crockford(value bigint, digits int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((value >> (5 * place)) & 31)::int + 1, 1), ''
                      ORDER BY place DESC)
      FROM generate_series(0, digits - 1) AS place
  $$`;

/** Ended sessions, one every 30 s up to now. Session `n` of `total`, for `n` in a range. */
const SESSIONS = `
  INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
    metadata, transport_url, room_name, worker_identity, audio_source, subscribe_to_identity, seat_hash,
    started_at, first_frame_at, ended_at, failed_at, failure_code, failure_message, billable_seconds, frames)
  SELECT $1, $2, 'sess_' || pg_temp.crockford((extract(epoch FROM at) * 1000)::bigint, 10) || chance, status,
    'av_stock_00' || n % 6 + 1, (ARRAY['lite', 'standard', 'standard', 'pro']::text[])[n % 4 + 1], 1800, 30,
    jsonb_build_object('customer_id', 'cus_' || chance, 'ticket', n, 'locale', 'en-GB', 'returning', n % 3 = 0,
                       'topic', 'Delivery of order ' || n || ' to a new address'),
    'wss://example-project.livekit.cloud', 'support-' || lower(chance), 'greenroom-worker',
    CASE WHEN n % 4 = 0 THEN 'track' ELSE 'data_stream' END,
    CASE WHEN n % 4 = 0 THEN 'visitor-' || n END,
    sha256(chance::bytea),
    CASE WHEN status <> 'canceled' THEN at + interval '1.2 s' END,
    CASE WHEN status <> 'canceled' THEN at + interval '2.9 s' END,
    CASE WHEN status IN ('ended', 'canceled') THEN at + interval '290 s' END,
    CASE WHEN status = 'failed' THEN at + interval '290 s' END,
    CASE WHEN status = 'failed' THEN 'worker.lost' END,
    CASE WHEN status = 'failed' THEN 'The worker stopped reporting and its lease ran out.' END,
    CASE WHEN status = 'canceled' THEN 0 ELSE 287 END, CASE WHEN status = 'canceled' THEN 0 ELSE 7175 END
  FROM (
    SELECT n, now() - (($3::int - n) * 30) * interval '1 s' AS at, upper(substr(md5(n::text), 1, 16)) AS chance,
      CASE WHEN n % 17 = 0 THEN 'failed' WHEN n % 11 = 0 THEN 'canceled' ELSE 'ended' END AS status
    FROM generate_series($4::int, $5::int) AS n
  ) AS history`;

/** The events of the sessions: queued, and over. */
const EVENTS = `
  INSERT INTO session_events (org_id, mode, session_id, sequence, id, from_status, to_status, actor, reason)
  SELECT org_id, mode, session.id, sequence, 'evt_' || substr(session.id, 6, 25) || sequence,
         (ARRAY['created', 'queued'])[sequence + 1],
         CASE sequence WHEN 0 THEN 'queued' ELSE session.status END, 'system', 'session.history'
    FROM sessions AS session, generate_series(0, 1) AS sequence`;

/** The bill of each session. */
const USAGE = `
  INSERT INTO usage_events (org_id, mode, id, session_id, quality, interval_start, interval_end, billable_seconds,
    multiplier, credits)
  SELECT org_id, mode, 'use_' || substr(id, 6), id, quality, first_frame_at,
         first_frame_at + billable_seconds * interval '1 s', billable_seconds, 1, 5
    FROM sessions WHERE billable_seconds > 0`;

/** The sums of each month. */
const TOTALS = `
  INSERT INTO usage_totals (org_id, mode, month, quality, billable_seconds, credits, sessions, continued_sessions)
  SELECT org_id, mode, date_trunc('month', interval_start)::date, quality, sum(billable_seconds), sum(credits),
         count(*), 0
    FROM usage_events GROUP BY 1, 2, 3, 4`;

/** Sessions of one statement. */
const BATCH = 250_000;

export interface HistoryOptions {
  databaseUrl: string;
  orgId: string;
  sessions: number;
  /** Whether to insert the events, the bills and the sums of months too. */
  withRecords?: boolean;
  signal: AbortSignal;
  /** Called with a line of progress. */
  log?: (line: string) => void;
}

/**
 * Inserts a history of live sessions of an organisation, then vacuums and analyzes, so that no autovacuum starts during
 * the benchmark. Uses a connection without the timeouts of the server's pool.
 */
export async function insertHistory(options: HistoryOptions): Promise<void> {
  const { databaseUrl, orgId, sessions, withRecords = false, signal, log = () => undefined } = options;
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(CROCKFORD);
    for (let first = 1; first <= sessions; first += BATCH) {
      signal.throwIfAborted();
      const last = Math.min(sessions, first + BATCH - 1);
      await client.query(SESSIONS, [orgId, 'live', sessions, first, last]);
      if (last < sessions) log(`${last.toLocaleString('en')} of ${sessions.toLocaleString('en')} sessions …`);
    }
    for (const statement of withRecords ? [EVENTS, USAGE, TOTALS] : []) {
      signal.throwIfAborted();
      await client.query(statement);
    }
    await client.query('VACUUM (ANALYZE, FREEZE) sessions, session_events, usage_events, usage_totals');
  } finally {
    await client.end();
  }
}
