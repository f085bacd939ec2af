import { loadModule } from 'libpg-query';
import pg from 'pg';

import { StatementCheck } from './statement-check.ts';

/** The connections of tests, and those that change the schema. All others are the server's. */
const OTHER_CLIENTS = /^greenroom-(test|migrate|distribute)/;

interface Client {
  connectionParameters: { application_name?: string };
}

/** Checks every statement that the server in this process sends from now on, and reports each that is not on one shard. */
export async function watchStatements(report: (problem: string) => void): Promise<void> {
  await loadModule();
  const check = new StatementCheck();
  const prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
  const send = prototype.query;
  prototype.query = function (this: Client, ...args) {
    if (!OTHER_CLIENTS.test(this.connectionParameters.application_name ?? '')) {
      const { sql, values } = statementOf(args);
      const problem = check.problemOf(sql, values);
      if (problem !== null) report(`${problem}: ${sql.replaceAll(/\s+/g, ' ')}`);
    }
    return Reflect.apply(send, this, args);
  };
}

function statementOf([statement, values]: readonly unknown[]): { sql: string; values: readonly unknown[] } {
  if (typeof statement === 'string') return { sql: statement, values: Array.isArray(values) ? values : [] };
  const { text, values: own } = statement as { text: string; values?: unknown[] };
  return { sql: text, values: own ?? (Array.isArray(values) ? values : []) };
}
