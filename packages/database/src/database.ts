import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

import { PrismaClient, type Prisma } from './generated/prisma/client.ts';

/** Prisma's client inside a transaction. */
export type Transaction = Prisma.TransactionClient;

export interface DatabaseOptions {
  /** Connections at most. */
  poolSize: number;
  /** By which an operator tells connections apart in `pg_stat_activity`. */
  applicationName: string;
}

/** One pool of connections, by two ways: Prisma, and SQL where the statement is the point. */
export interface Database {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
  /** Runs `work` in a READ COMMITTED transaction: all of it, or nothing when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A request that gets no connection for this long is told that the database is unavailable. */
const CONNECTION_TIMEOUT_MS = 5_000;
/** No statement of ours takes this long unless something is wrong. */
const STATEMENT_TIMEOUT_MS = 10_000;
const TRANSACTION_TIMEOUT_MS = 15_000;

/** Opens the database without connecting yet. */
export function openDatabase(url: string, { poolSize, applicationName }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A connection that breaks while idle is dropped and replaced; without a listener it would end the process.
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: CONNECTION_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });
  return {
    pool,
    prisma,
    transaction: (work) => prisma.$transaction(work),
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
