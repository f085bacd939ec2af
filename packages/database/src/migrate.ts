import pg from 'pg';

import { compareHistory, type Comparison, type RecordedMigration } from './migration-history.ts';
import { MigrationClient } from './migration-client.ts';
import { readMigrations, type Migration } from './migrations.ts';

/**
 * The advisory lock by which our processes wait for each other. Inside it Prisma's engine takes `ENGINE_LOCK`; but it
 * gives up after ten seconds, too few for a queue of processes.
 */
export const MIGRATION_LOCK = 473_366_767;
/** The advisory lock of Prisma's engine and of `prisma migrate deploy`, held by the connection that migrates. */
const ENGINE_LOCK = 72_707_369;
/** The latest migration of graphile-worker's schema at the version we depend on. */
export const WORKER_SCHEMA_REVISION = 18;

const LOCK_TIMEOUT_MS = 120_000;
const NO_SUCH_TABLE = '42P01';
const LOCK_NOT_AVAILABLE = '55P03';

export interface MigrateOptions {
  /** Told, in a sentence, what is being done. */
  log?: (message: string) => void;
  /** Our own, unless told otherwise. */
  migrations?: readonly Migration[];
  /** Aborts every wait for the database and for other processes; migrations that are under way are finished. */
  signal?: AbortSignal;
}

/**
 * Brings the database at `url` up to date: our tables and those of graphile-worker. Any number of processes may do so
 * at once; one works, the others wait. When there is nothing to do, this takes a few small queries.
 * Throws when the database's history is not ours (see compareHistory) and when a migration fails.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<void> {
  const { log = () => undefined, migrations = readMigrations(), signal } = options;
  const client = await MigrationClient.connect(url, signal);
  try {
    await requireUtf8(client);
    await requireOwnConnection(client, url, signal);
    if (await isCurrentNow(client, migrations, log)) return;
    await lock(client);
    await rollBackInterrupted(client, log);
    // Judged only now: until it has the lock, a process may see another's migration half done.
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
 * Refuses a pooler that gives the connection to other clients between two transactions: listening and the locks of a
 * connection do not work there. Such a pooler hands the connection that was used last to the next transaction, so a
 * second client gets it.
 */
async function requireOwnConnection(
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
    'DATABASE_URL leads to a pooler that shares one connection among clients, such as PgBouncer with ' +
      'pool_mode=transaction. Notifications and locks do not work there. Set pool_mode=session, or connect to ' +
      'PostgreSQL itself.',
  );
}

async function backendOf(client: MigrationClient): Promise<number | undefined> {
  const rows = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid;
}

/** Text in any language must fit, and an encoding cannot be changed afterwards. */
async function requireUtf8(client: MigrationClient): Promise<void> {
  const rows = await client.query<{ name: string; encoding: string }>(
    `SELECT current_database() AS name, current_setting('server_encoding') AS encoding`,
  );
  const [database] = rows;
  if (database === undefined || database.encoding === 'UTF8') return;
  throw new Error(
    `The database ${database.name} has the encoding ${database.encoding}; it must be UTF8. Nothing was changed. ` +
      `Create another one: CREATE DATABASE greenroom ENCODING 'UTF8' TEMPLATE template0;`,
  );
}

interface State extends Comparison {
  /** 0 when graphile-worker has no tables yet. */
  workerRevision: number;
}

async function readState(client: MigrationClient, migrations: readonly Migration[]): Promise<State> {
  const recorded = await readIfThere<RecordedMigration>(
    client,
    'SELECT migration_name, checksum, finished_at, rolled_back_at, logs FROM _prisma_migrations',
  );
  const worker = await readIfThere<{ revision: number | null }>(
    client,
    'SELECT max(id) AS revision FROM graphile_worker.migrations',
  );
  return { ...compareHistory(migrations, recorded), workerRevision: worker[0]?.revision ?? 0 };
}

async function readIfThere<Row extends pg.QueryResultRow>(
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

/** Whether there is nothing to do, as far as can be told while others may be migrating. */
async function isCurrentNow(
  client: MigrationClient,
  migrations: readonly Migration[],
  log: (message: string) => void,
): Promise<boolean> {
  try {
    return isCurrent(await readState(client, migrations), log);
  } catch {
    return false;
  }
}

function isCurrent({ pending, newer, workerRevision }: State, log: (message: string) => void): boolean {
  if (newer.length > 0) log(`The database is ahead of this version of Greenroom by ${newer.join(', ')}.`);
  return pending.length === 0 && workerRevision >= WORKER_SCHEMA_REVISION;
}

async function lock(client: MigrationClient): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK], LOCK_TIMEOUT_MS);
    // PostgreSQL runs the migration of a process that was killed to its end, on the connection that holds this lock.
    await client.query('SELECT pg_advisory_lock($1)', [ENGINE_LOCK], LOCK_TIMEOUT_MS);
    await client.query('SELECT pg_advisory_unlock($1)', [ENGINE_LOCK]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new Error(
      `Another process has been migrating this database for ${LOCK_TIMEOUT_MS / 1000} s. Wait until it is done, ` +
        `or find who holds the advisory lock ${MIGRATION_LOCK} or ${ENGINE_LOCK} in pg_locks and end it.`,
      { cause: error },
    );
  }
}

/**
 * Records the migrations that were interrupted, by the death of the process or of PostgreSQL, as rolled back: with the lock,
 * none is in progress, and one that is not recorded as finished has left nothing (see `applyMigrations`). A migration
 * that failed has its error in `logs`, and is not tried again by itself.
 */
async function rollBackInterrupted(client: MigrationClient, log: (message: string) => void): Promise<void> {
  const interrupted = await readIfThere<{ name: string }>(
    client,
    `UPDATE _prisma_migrations SET rolled_back_at = now()
     WHERE finished_at IS NULL AND rolled_back_at IS NULL AND coalesce(logs, '') = '' RETURNING migration_name AS name`,
  );
  for (const { name } of interrupted)
    log(`The migration ${name} was interrupted and left nothing. It runs again.`);
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
