import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

import { PrismaClient, type Prisma } from './generated/prisma/client.ts';
import { boundQueries } from './query-timeout.ts';
import { OpenSockets } from './open-sockets.ts';

/** Prisma's client inside a transaction. */
export type Transaction = Prisma.TransactionClient;

/** What a pool of connections is opened with. */
export interface PoolOptions {
  /** Connections at most. */
  poolSize: number;
  /** By which an operator tells connections apart in `pg_stat_activity`. */
  applicationName: string;
}

/** Connections without Prisma. */
export interface DatabasePool {
  readonly pool: pg.Pool;
  /** Closes every connection; resolves within three seconds even where the server does not respond. */
  close(): Promise<void>;
}

const afterwards = new WeakMap<Transaction, (() => void)[]>();

/**
 * Runs an action when the transaction is over. It runs as well where the transaction failed or its outcome is unknown,
 * so it must be harmless then.
 *
 * @throws when the transaction is not one of `Database.transaction`
 */
export function afterTransaction(tx: Transaction, action: () => void): void {
  const actions = afterwards.get(tx);
  if (actions === undefined) throw new Error('This transaction was not started by Database.transaction');
  actions.push(action);
}

/** One pool of connections, by two ways: Prisma, and SQL where the statement is the point. */
export interface Database extends DatabasePool {
  readonly prisma: PrismaClient;
  /** Runs `work` in a READ COMMITTED transaction: all of it, or nothing when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/*
 * Together these keep a request that has begun below five seconds whatever the database does: it waits for a
 * connection, then for its statements. The server cancels a statement first, because the connection can then be used again; the client
 * gives up a little later, which means that the server or the way to it is silent.
 */
const CONNECTION_TIMEOUT_MS = 1_800;
const STATEMENT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 2_400;
const TRANSACTION_TIMEOUT_MS = 3_000;
/**
 * A transaction whose process or network went silent must not keep its locks: rows that every create of an organisation
 * needs would stay locked after the outage.
 */
const IDLE_TRANSACTION_TIMEOUT_MS = 2_000;
const KEEP_ALIVE_DELAY_MS = 10_000;
/** Opening connections is costly exactly when load returns, so they are kept for a while. */
const IDLE_TIMEOUT_MS = 300_000;
const CLOSE_TIMEOUT_MS = 3_000;

/** By SET and not at connect: PgBouncer refuses start-up parameters that it does not know. */
const SESSION_SETTINGS = `
  SET statement_timeout = ${STATEMENT_TIMEOUT_MS};
  SET idle_in_transaction_session_timeout = ${IDLE_TRANSACTION_TIMEOUT_MS}`;

/** Opens a pool without connecting yet. */
export function openPool(url: string, { poolSize, applicationName }: PoolOptions): DatabasePool {
  const sockets = new OpenSockets();
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
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
  // A connection that breaks while idle is dropped and replaced; without a listener it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    // One that breaks in use may report it twice, the second time to nobody.
    client.on('error', () => undefined);
    boundQueries(client, () => {
      sockets.destroySilent(QUERY_TIMEOUT_MS / 2);
    });
  });
  return {
    pool,
    async close() {
      if (!pool.ended) await within(CLOSE_TIMEOUT_MS, pool.end());
      // A silent server never says goodbye, and its sockets would keep the process running.
      sockets.close();
    },
  };
}

/** Opens the database without connecting yet. */
export function openDatabase(url: string, options: PoolOptions): Database {
  const connections = openPool(url, options);
  const { pool } = connections;
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: CONNECTION_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });
  return {
    pool,
    prisma,
    async transaction(work) {
      const actions: (() => void)[] = [];
      try {
        return await prisma.$transaction((tx) => {
          afterwards.set(tx, actions);
          return work(tx);
        });
      } finally {
        for (const action of actions) action();
      }
    },
    async close() {
      await within(CLOSE_TIMEOUT_MS, prisma.$disconnect());
      await connections.close();
    },
  };
}

/** Resolves when the work is done or the time is over. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, timeout]).finally(() => {
    clearTimeout(timer);
  });
}
