import { EXCEPTIONS } from './exceptions.ts';
import { tablesOf, type StatementTables } from './shard-keys.ts';

/**
 * Checks that each statement runs on one shard of a distributed database, or on its unsharded tables. `loadModule` of
 * libpg-query must have been called.
 */
export class StatementCheck {
  readonly #tables = new Map<string, StatementTables>();

  /** Returns the problem with a statement, or null. */
  problemOf(sql: string, values: readonly unknown[]): string | null {
    if (EXCEPTIONS.some(({ statement }) => statement.test(sql))) return null;
    const { uses, unsharded, unknown, refused, notNull } = this.#tablesOf(sql);
    if (refused.length > 0 && uses.length + unsharded.length > 0) return `Citus refuses ${refused.join()}`;
    if (unknown.length > 0) return `${unknown.join()} is not in the list of tables`;
    const [first] = uses;
    if (first === undefined) return null;
    if (unsharded.length > 0) return `${first.table} is distributed, and ${unsharded.join()} is not`;
    const absent = notNull.find((number) => values[number - 1] === null);
    if (absent !== undefined) return `Citus refuses null for $${absent} in an outer join`;
    const everywhere = uses.find(({ keys }) => keys.length === 0);
    if (everywhere !== undefined) return `${everywhere.table} has no equality on its distribution column`;
    const organisations = new Set(uses.map(({ keys: [key = ''] }) => valueOf(key, values)));
    return organisations.size === 1
      ? null
      : `its tables have several organisations: ${[...organisations].join()}`;
  }

  #tablesOf(sql: string): StatementTables {
    let tables = this.#tables.get(sql);
    if (tables === undefined) {
      tables = tablesOf(sql);
      this.#tables.set(sql, tables);
    }
    return tables;
  }
}

function valueOf(key: string, values: readonly unknown[]): unknown {
  return key.startsWith('$') ? values[Number(key.slice(1)) - 1] : key.slice(1, -1);
}
