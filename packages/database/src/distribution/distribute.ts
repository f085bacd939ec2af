import pg from 'pg';

import { MIGRATION_LOCK, migrate, type MigrateOptions } from '../migrate.ts';
import { DISTRIBUTION_COLUMN, TABLES, type Distribution } from './tables.ts';

/** The first distributed table. The others are stored with it: rows of one organisation on one node. */
const COLOCATED_WITH = 'accounts';

/**
 * Migrates the database at `url`, which must be on the coordinator of a Citus cluster, and distributes its tables (see
 * `TABLES`) in one transaction. Tables that are already distributed stay as they are, so that it can run again after
 * every upgrade.
 *
 * @throws {Error} when the database has no Citus, when its coordinator is not registered, when a table has triggers or
 * is distributed in another way, and the errors of `migrate`
 */
export async function distribute(url: string, options: Pick<MigrateOptions, 'log'> = {}): Promise<void> {
  const { log = () => undefined } = options;
  const client = new pg.Client({ connectionString: url, application_name: 'greenroom-distribute' });
  // A broken connection fails its query. Without a listener the error would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await requireCitus(client);
    await migrate(url, { log });
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const pending = await pendingTables(client);
    if (pending.length === 0) log('Every table is already distributed.');
    else await distributeTables(client, pending, log);
    await client.query('COMMIT');
  } finally {
    // Closing the connection rolls its transaction back.
    await client.end();
  }
}

async function requireCitus(client: pg.Client): Promise<void> {
  const { rowCount: extensions } = await client.query(`SELECT FROM pg_extension WHERE extname = 'citus'`);
  if (extensions === 0) {
    throw new Error(
      'The database of DATABASE_URL has no Citus. Run CREATE EXTENSION citus in it and in the database of the same name on ' +
        'each worker node.',
    );
  }
  const { rowCount: coordinators } = await client.query('SELECT FROM pg_dist_node WHERE groupid = 0');
  if (coordinators === 0) {
    throw new Error(
      'The database of DATABASE_URL is not the coordinator of its cluster, or is not registered as such. Run SELECT ' +
        `citus_set_coordinator_host('<host>', <port>) on the coordinator.`,
    );
  }
}

interface Table {
  name: string;
  distribution: Distribution;
}

interface DistributedTable {
  name: string;
  kind: Distribution;
  column: string | null;
  /** Citus may undo it, because it follows from a foreign key only. */
  is_automatic: boolean;
}

/** Returns the tables that are not distributed yet, in the order of `TABLES`. */
async function pendingTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<DistributedTable>(`
    SELECT logicalrelid::text AS name, autoconverted AS is_automatic,
           CASE WHEN partmethod = 'h' THEN 'distributed' WHEN repmodel = 't' THEN 'reference' ELSE 'unsharded' END AS kind,
           CASE WHEN partkey IS NOT NULL THEN column_to_column_name(logicalrelid, partkey) END AS column
      FROM pg_dist_partition`);
  const present = new Map(rows.map((row) => [row.name, row]));
  const tables = Object.entries(TABLES).map(([name, distribution]) => ({ name, distribution }));
  return tables.filter(({ name, distribution }) => {
    const row = present.get(name);
    if (row === undefined || row.is_automatic) return true;
    if (row.kind === distribution && (row.column === DISTRIBUTION_COLUMN || row.column === null)) {
      return false;
    }
    const by = row.column === null ? '' : ` by ${row.column}`;
    throw new Error(
      `The table ${name} is ${row.kind}${by}; it must be ${distribution}. Nothing was changed.`,
    );
  });
}

async function distributeTables(
  client: pg.Client,
  pending: readonly Table[],
  log: (message: string) => void,
): Promise<void> {
  await requireNoTriggers(client, pending);
  const names = pending.map(({ name }) => name);
  const restore = await dropForeignKeys(client, names);
  for (const { name, distribution } of pending) {
    log(`${name}: ${distribution}`);
    await client.query(...statementFor({ name, distribution }));
  }
  for (const statement of restore) await client.query(statement);
}

function statementFor({ name, distribution }: Table): [string, string[]] {
  switch (distribution) {
    case 'reference':
      return ['SELECT create_reference_table($1::regclass)', [name]];
    case 'distributed':
      return [
        'SELECT create_distributed_table($1::regclass, $2, colocate_with => $3)',
        [name, DISTRIBUTION_COLUMN, name === COLOCATED_WITH ? 'none' : COLOCATED_WITH],
      ];
    case 'unsharded':
      // Citus commits a transaction on such a table and on a shard in two phases. On a table that it does not know, it
      // would commit the shard first, and a crash could come between.
      return [
        'SELECT citus_add_local_table_to_metadata($1::regclass, cascade_via_foreign_keys => true)',
        [name],
      ];
  }
}

async function requireNoTriggers(client: pg.Client, pending: readonly Table[]): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT DISTINCT tgrelid::regclass::text AS table FROM pg_trigger
      WHERE NOT tgisinternal AND tgrelid = ANY ($1::text[]::regclass[]) ORDER BY 1`,
    [pending.map(({ name }) => name)],
  );
  if (rows.length === 0) return;
  throw new Error(
    `Triggers on ${rows.map(({ table }) => table).join(' and ')} keep processes of the previous version working. Stop ` +
      'those processes, then run CALL finish_upgrade().',
  );
}

/**
 * Drops the foreign keys between distributed tables: both tables must be distributed before the key exists. Returns the
 * statements that restore them.
 */
async function dropForeignKeys(client: pg.Client, names: readonly string[]): Promise<string[]> {
  const distributed = Object.keys(TABLES).filter((name) => TABLES[name] === 'distributed');
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint
      WHERE contype = 'f' AND conrelid = ANY ($1::text[]::regclass[]) AND confrelid = ANY ($1::text[]::regclass[])
        AND (conrelid = ANY ($2::text[]::regclass[]) OR confrelid = ANY ($2::text[]::regclass[]))`,
    [distributed, names],
  );
  for (const { table, name } of rows) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  return rows.map(
    ({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`,
  );
}
