import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

import { splitStatements } from './split-statements.ts';

// PostgreSQL's one-byte type `"char"`, which many catalog columns have.
const CHAR_OID = 18;

/**
 * Prisma's PostgreSQL adapter, changed in two places so that the schema engine can use it:
 * - It runs a script statement by statement, split at every semicolon (even in comments and strings), so a migration
 *   that fails is half applied. Here the whole script is one transaction.
 * - It cannot read `"char"`, which the engine needs to introspect a database.
 *
 * `rewriteScript` may change a script before it runs. The pool must have one connection, because the engine's settings
 * and locks belong to a session.
 */
export function schemaEngineAdapter(
  pool: pg.Pool,
  rewriteScript: (script: string) => string,
): SqlMigrationAwareDriverAdapterFactory {
  const query = pool.query.bind(pool);
  const executeScript = executeWhole(
    (script) => runScript(query, rewriteScript(script)),
    () => pool.end(),
  );
  const lastCharColumns = observeCharColumns(pool);
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      return Object.assign(adapter, { executeScript, queryRaw: queryWithChar(adapter, lastCharColumns) });
    },
    connectToShadowDb: () => Promise.reject(new Error('A shadow database is not used.')),
  };
}

function executeWhole(
  query: (sql: string) => Promise<unknown>,
  onInterruption: () => Promise<void>,
): SqlDriverAdapter['executeScript'] {
  return async (script) => {
    try {
      await query(script);
    } catch (error) {
      if (error instanceof pg.DatabaseError && !isInterruption(error)) throw asDriverError(error);
      // With a new connection, the engine would record a failure of the migration without holding its lock.
      await onInterruption();
      throw error;
    }
  };
}

async function runScript(query: (sql: string) => Promise<pg.QueryResult>, script: string): Promise<void> {
  const { rows } = await query(`SELECT FROM pg_extension WHERE extname = 'citus'`);
  if (rows.length === 0) {
    // One query is one transaction.
    await query(script);
    return;
  }
  // Citus sends the text of the whole query to the nodes of each statement, and they refuse several statements.
  await query('BEGIN');
  try {
    // A transaction that changes a reference table and its distributed tables must change the shards one after the other.
    await query(`SET LOCAL citus.multi_shard_modify_mode = 'sequential'`);
    for (const statement of splitStatements(script)) await query(statement);
    await query('COMMIT');
  } catch (error) {
    await query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Returns whether the server closed the connection. */
function isInterruption({ code = '' }: pg.DatabaseError): boolean {
  return code.startsWith('57P') || code.startsWith('08');
}

// The engine records and reports only errors of this class.
function asDriverError({
  code = 'N/A',
  severity = 'N/A',
  message,
  detail,
  column,
  hint,
}: pg.DatabaseError): Error {
  const original = { originalCode: code, originalMessage: message };
  return new DriverAdapterError({
    kind: 'postgres',
    ...original,
    code,
    severity,
    message,
    detail,
    column,
    hint,
  });
}

/** Presents `"char"` columns as text, which the adapter can read. Returns a getter of the last result's columns. */
function observeCharColumns(pool: pg.Pool): () => ReadonlySet<number> {
  const query = pool.query.bind(pool);
  let last = new Set<number>();
  const observed = async (config: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> => {
    const result = await query(config);
    last = new Set(
      result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR_OID ? [index] : [])),
    );
    for (const index of last) {
      Object.assign(result.fields[index] ?? {}, { dataTypeID: pg.types.builtins.TEXT });
    }
    return result;
  };
  Object.assign(pool, { query: observed });
  return () => last;
}

// With one connection, no other result can come between the query and the look-up of its columns.
function queryWithChar(
  adapter: SqlDriverAdapter,
  lastCharColumns: () => ReadonlySet<number>,
): SqlDriverAdapter['queryRaw'] {
  const queryRaw = adapter.queryRaw.bind(adapter);
  return async (query) => {
    const result = await queryRaw(query);
    const chars = lastCharColumns();
    const columnTypes = result.columnTypes.map((type, index) =>
      chars.has(index) ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
}
