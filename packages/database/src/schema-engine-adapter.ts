import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

// PostgreSQL's one-byte type, which its catalogue is full of.
const CHAR_OID = 18;

/**
 * Prisma's PostgreSQL adapter, made fit for its schema engine in two places:
 * - it runs a script statement by statement, cut at every semicolon (those in comments and strings, too), so that a
 *   migration that fails leaves half of itself; PostgreSQL runs a script sent as one as one transaction;
 * - it refuses to read `"char"`, without which the engine cannot look at a database.
 * Scripts run as `rewriteScript` returns them. The pool must be of one connection: what the engine sets and locks belongs
 * to a session.
 */
export function schemaEngineAdapter(
  pool: pg.Pool,
  rewriteScript: (script: string) => string,
): SqlMigrationAwareDriverAdapterFactory {
  const query = pool.query.bind(pool);
  const executeScript = wholeScript(
    (script) => query(rewriteScript(script)),
    () => pool.end(),
  );
  const lastCharColumns = observeCharColumns(pool);
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      return Object.assign(adapter, { executeScript, queryRaw: readingChar(adapter, lastCharColumns) });
    },
    connectToShadowDb: () => Promise.reject(new Error('A shadow database is not used.')),
  };
}

function wholeScript(
  query: (sql: string) => Promise<unknown>,
  onInterruption: () => Promise<void>,
): SqlDriverAdapter['executeScript'] {
  return async (script) => {
    try {
      await query(script);
    } catch (error) {
      if (error instanceof pg.DatabaseError && !isInterruption(error)) throw asDriverError(error);
      // On another connection the engine would record it as a failure of the migration, and without its lock.
      await onInterruption();
      throw error;
    }
  };
}

/** Whether the server ended the connection. */
function isInterruption({ code = '' }: pg.DatabaseError): boolean {
  return code.startsWith('57P') || code.startsWith('08');
}

// The engine records and repeats only errors in this form.
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

/** Passes off `"char"` as text, which the adapter reads; the result tells which columns of the last answer it was. */
function observeCharColumns(pool: pg.Pool): () => ReadonlySet<number> {
  const query = pool.query.bind(pool);
  let last = new Set<number>();
  const observed = async (config: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> => {
    const result = await query(config);
    last = new Set(
      result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR_OID ? [index] : [])),
    );
    for (const index of last)
      Object.assign(result.fields[index] ?? {}, { dataTypeID: pg.types.builtins.TEXT });
    return result;
  };
  Object.assign(pool, { query: observed });
  return () => last;
}

// On one connection no other answer comes between the adapter's and ours.
function readingChar(
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
