import pg from 'pg';

import { MigrationClient } from './migration-client.ts';
import {
  compareHistory,
  newerMessage,
  type Comparison,
  type RecordedMigration,
} from './migration-history.ts';
import { readMigrations, type Migration } from './migrations.ts';

/**
 * The advisory lock that lets one process migrate while the others wait. Prisma's engine has a lock as well
 * (`ENGINE_LOCK`), but waits only ten seconds for it, too little for several processes.
 */
export const MIGRATION_LOCK = 473_366_767;
/** The advisory lock of Prisma's engine and `prisma migrate deploy`, held by the connection that migrates. */
const ENGINE_LOCK = 72_707_369;
/** The latest migration of the installed version of graphile-worker. */
export const WORKER_SCHEMA_REVISION = 18;

const LOCK_TIMEOUT_MS = 120_000;
const NO_SUCH_TABLE = '42P01';
const LOCK_NOT_AVAILABLE = '55P03';

export interface MigrateOptions {
  /** Called with a sentence for each step. */
  log?: (message: string) => void;
  /** Called with a sentence when the database is newer than this version; `log` by default. */
  warn?: (message: string) => void;
  /** Default: the migrations of this package. */
  migrations?: readonly Migration[];
  /** Aborts every wait, for the database or another process. Migrations in progress are finished. */
  signal?: AbortSignal;
}

/**
 * Applies the pending migrations of this package and of graphile-worker to the database at `url`. Safe to call from any
 * number of processes: one migrates, the others wait. Takes a few small queries when nothing is pending.
 *
 * @throws {Error} when the history of the database does not match (see `compareHistory`), when a migration fails, or
 * when the database cannot be used
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<void> {
  const { log = () => undefined, warn = log, migrations = readMigrations(), signal } = options;
  const client = await MigrationClient.connect(url, signal);
  try {
    await assertUtf8(client);
    await assertDedicatedConnection(client, url, signal);
    if (await isCurrentNow(client, migrations, warn)) return;
    await lock(client);
    await rollBackInterrupted(client, log);
    // Read again with the lock held: without it, another process may be in the middle of a migration.
    const state = await readState(client, migrations);
    // From here on an abort would take the lock from a migration.
    client.ignoreAbort();
    if (state.pending.length > 0) await applyPending(url, migrations, state.pending, log);
    if (state.workerRevision < WORKER_SCHEMA_REVISION) await migrateWorker(url, log);
  } finally {
    // The lock ends with the connection.
    await client.close();
  }
}

/**
 * Compares the migrations of the database at `url` with those of this package, and changes nothing.
 *
 * @throws {Error} when `migrate` would, before it changes anything
 */
export async function inspectMigrations(url: string): Promise<Comparison> {
  const client = await MigrationClient.connect(url, undefined);
  try {
    await assertUtf8(client);
    await assertDedicatedConnection(client, url, undefined);
    return await readState(client, readMigrations());
  } finally {
    await client.close();
  }
}

/**
 * Rejects a pooler in transaction mode, which breaks LISTEN and session-level locks. Such a pooler assigns the most
 * recently used connection to the next transaction, so a second client gets the connection of the first.
 *
 * @throws {Error} when two clients share a connection
 */
async function assertDedicatedConnection(
  client: MigrationClient,
  url: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const other = await MigrationClient.connect(url, signal);
  try {
    const own = await backendOf(client);
    await other.query('BEGIN');
    if ((await backendOf(other)) !== own) return;
  } finally {
    await other.close();
  }
  throw new Error(
    'DATABASE_URL leads to a pooler that shares connections between clients, such as PgBouncer with ' +
      'pool_mode=transaction. Notifications and locks do not work there. Set pool_mode=session, or connect ' +
      'directly to PostgreSQL.',
  );
}

async function backendOf(client: MigrationClient): Promise<number | undefined> {
  const rows = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid;
}

/** Any text must be storable, and the encoding of a database cannot be changed later. */
async function assertUtf8(client: MigrationClient): Promise<void> {
  const rows = await client.query<{ name: string; encoding: string }>(
    `SELECT current_database() AS name, current_setting('server_encoding') AS encoding`,
  );
  const [database] = rows;
  if (database === undefined || database.encoding === 'UTF8') return;
  throw new Error(
    `The database ${database.name} has the encoding ${database.encoding}; it must be UTF8. Nothing was changed. ` +
      `Create another database: CREATE DATABASE greenroom ENCODING 'UTF8' TEMPLATE template0;`,
  );
}

interface State extends Comparison {
  /** 0 when graphile-worker has no tables. */
  workerRevision: number;
}

async function readState(client: MigrationClient, migrations: readonly Migration[]): Promise<State> {
  const recorded = await readIfExists<RecordedMigration>(
    client,
    'SELECT migration_name, checksum, finished_at, rolled_back_at, logs FROM _prisma_migrations',
  );
  const worker = await readIfExists<{ revision: number | null }>(
    client,
    'SELECT max(id) AS revision FROM graphile_worker.migrations',
  );
  return { ...compareHistory(migrations, recorded), workerRevision: worker[0]?.revision ?? 0 };
}

async function readIfExists<Row extends pg.QueryResultRow>(
  client: MigrationClient,
  sql: string,
): Promise<Row[]> {
  try {
    return await client.query<Row>(sql);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === NO_SUCH_TABLE) return [];
    throw error;
  }
}

/** Returns whether nothing is pending; false when in doubt: without the lock, another process may be migrating. */
async function isCurrentNow(
  client: MigrationClient,
  migrations: readonly Migration[],
  warn: (message: string) => void,
): Promise<boolean> {
  try {
    return isCurrent(await readState(client, migrations), warn);
  } catch {
    return false;
  }
}

function isCurrent({ pending, newer, workerRevision }: State, warn: (message: string) => void): boolean {
  if (newer.length > 0) warn(newerMessage(newer));
  return pending.length === 0 && workerRevision >= WORKER_SCHEMA_REVISION;
}

async function lock(client: MigrationClient): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK], LOCK_TIMEOUT_MS);
    // The migration of a killed process runs to its end in PostgreSQL, on a connection that holds this lock.
    await client.query('SELECT pg_advisory_lock($1)', [ENGINE_LOCK], LOCK_TIMEOUT_MS);
    await client.query('SELECT pg_advisory_unlock($1)', [ENGINE_LOCK]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new Error(
      `Another process has been migrating this database for ${LOCK_TIMEOUT_MS / 1000} s. Wait until it is done, or ` +
        `find the process that holds the advisory lock ${MIGRATION_LOCK} or ${ENGINE_LOCK} in pg_locks and end it.`,
      { cause: error },
    );
  }
}

/**
 * Records migrations that were interrupted, because a process or PostgreSQL was killed, as rolled back. With the lock
 * held, none is in progress, and one that is not recorded as finished changed nothing (see `applyMigrations`). A
 * migration that failed has an error in `logs` and is not retried automatically.
 */
async function rollBackInterrupted(client: MigrationClient, log: (message: string) => void): Promise<void> {
  const interrupted = await readIfExists<{ name: string }>(
    client,
    `UPDATE _prisma_migrations SET rolled_back_at = now()
     WHERE finished_at IS NULL AND rolled_back_at IS NULL AND coalesce(logs, '') = '' RETURNING migration_name AS name`,
  );
  for (const { name } of interrupted) {
    log(`The migration ${name} was interrupted and rolled back. Applying it again.`);
  }
}

async function applyPending(
  url: string,
  migrations: readonly Migration[],
  pending: readonly string[],
  log: (message: string) => void,
): Promise<void> {
  log(`Applying ${pending.join(', ')}.`);
  const { applyMigrations } = await import('./schema-engine.ts');
  await applyMigrations(url, migrations);
}

async function migrateWorker(url: string, log: (message: string) => void): Promise<void> {
  log('Applying the migrations of graphile-worker.');
  const { Logger, runMigrations } = await import('graphile-worker');
  await runMigrations({ connectionString: url, logger: new Logger(() => () => undefined) });
}
