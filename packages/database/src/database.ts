import { setTimeout as delay } from 'node:timers/promises';

import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

import { PrismaClient } from './generated/prisma/client.ts';
import { OpenSockets } from './open-sockets.ts';
import { endOnQueryTimeout } from './query-timeout.ts';
import { traceQueries, type TraceStatement } from './trace-statements.ts';
import { prepared, runTransaction, type Queries, type Statement, type Transaction } from './transaction.ts';

export interface PoolOptions {
  /** Maximum number of connections. */
  poolSize: number;
  /** Identifies the connections in `pg_stat_activity`. */
  applicationName: string;
  /** Sends statements without waiting for the results of those before them. */
  pipeline?: boolean;
}

export interface DatabaseOptions extends PoolOptions {
  /** Observes each statement; null observes none. */
  traceStatement?: TraceStatement | null;
}

/** A pool of connections without Prisma. */
export interface DatabasePool {
  readonly pool: pg.Pool;
  /** Closes every connection. Resolves within 3 s, even when the server does not respond. */
  close(): Promise<void>;
}

/** One pool of connections, for Prisma and for plain SQL. */
export interface Database extends DatabasePool, Queries {
  readonly prisma: PrismaClient;
  /** Runs `work` in a READ COMMITTED transaction of plain SQL, and rolls back when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/*
 * Together these limit a request to 5 s whatever the database does: it waits for a connection, then for its statements.
 * The server's timeout is the shorter one, because a connection stays usable after the server canceled its statement.
 * The client's timeout means that the server or the network is silent.
 */
const CONNECTION_TIMEOUT_MS = 1_800;
const STATEMENT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 2_400;
const TRANSACTION_TIMEOUT_MS = 3_000;
/**
 * A transaction whose process or network went silent must not keep its locks. Rows that every create of an organisation
 * needs would otherwise stay locked after the outage.
 */
const IDLE_TRANSACTION_TIMEOUT_MS = 2_000;
const LIMITS = { timeoutMs: TRANSACTION_TIMEOUT_MS, queryTimeoutMs: QUERY_TIMEOUT_MS };
const KEEP_ALIVE_DELAY_MS = 10_000;
/** Idle connections are kept, because opening them is expensive, especially when load returns. */
const IDLE_TIMEOUT_MS = 300_000;
const CLOSE_TIMEOUT_MS = 3_000;

/**
 * Sent with SET after connecting: PgBouncer rejects unknown startup parameters.
 *
 * Prisma sends times in UTC without an offset, which the server reads in its own time zone. The server plans a prepared
 * statement for a connection once: on a new database it would plan for empty tables, and read them whole after they have
 * grown, until the first autovacuum. No statement is long enough for its plan to be worth compiling.
 */
const SESSION_SETTINGS = `
  SET timezone = 'UTC';
  SET enable_seqscan = off;
  SET jit = off;
  SET statement_timeout = ${STATEMENT_TIMEOUT_MS};
  SET idle_in_transaction_session_timeout = ${IDLE_TRANSACTION_TIMEOUT_MS}`;

/** Creates a pool. Connections are opened on demand. */
export function openPool(url: string, { poolSize, applicationName, pipeline }: PoolOptions): DatabasePool {
  const sockets = new OpenSockets();
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    pipeline,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    stream: () => sockets.create(),
    verify: (client, done) => {
      client.query(SESSION_SETTINGS).then(() => {
        done();
      }, done);
    },
  });
  // The pool replaces a connection that breaks while idle. Without a listener the error would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    // A connection that breaks while in use may emit a second error when nothing else listens.
    client.on('error', () => undefined);
    endOnQueryTimeout(
      client,
      (timeoutMs) => {
        // A transaction that ran out of time says nothing about the server.
        if (timeoutMs === QUERY_TIMEOUT_MS) sockets.destroySilent(QUERY_TIMEOUT_MS / 2);
      },
      QUERY_TIMEOUT_MS,
    );
  });
  return {
    pool,
    async close() {
      if (!pool.ended) await waitAtMost(CLOSE_TIMEOUT_MS, pool.end());
      // A silent server does not close its side, and open sockets would keep the process running.
      sockets.close();
    },
  };
}

/** Creates a pool with a Prisma client. Connections are opened on demand. */
export function openDatabase(url: string, { traceStatement = null, ...options }: DatabaseOptions): Database {
  const connections = openPool(url, { ...options, pipeline: true });
  const { pool } = connections;
  if (traceStatement !== null) traceQueries(pool, traceStatement);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
  });
  return {
    pool,
    prisma,
    async query<Row extends object>(statement: Statement) {
      const { rows } = await pool.query<Row & pg.QueryResultRow>(prepared(statement));
      return rows;
    },
    transaction: (work) => runTransaction(pool, work, { ...LIMITS, traceStatement }),
    async close() {
      await waitAtMost(CLOSE_TIMEOUT_MS, prisma.$disconnect());
      await connections.close();
    },
  };
}

async function waitAtMost(ms: number, promise: Promise<void>): Promise<void> {
  await Promise.race([promise, delay(ms, undefined, { ref: false })]);
}
