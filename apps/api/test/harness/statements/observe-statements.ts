import pg from 'pg';

/** The connections of tests, and those that change the schema. All others are the server's. */
const OTHER_CLIENTS = /^greenroom-(test|migrate|distribute)/;

interface Client {
  connectionParameters: { application_name?: string };
}

export interface Statement {
  sql: string;
  values: readonly unknown[];
}

/** Calls a function for every statement that the server in this process sends from now on. */
export function observeStatements(observe: (statement: Statement) => void): void {
  const prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
  const send = prototype.query;
  prototype.query = function (this: Client, ...args) {
    if (!OTHER_CLIENTS.test(this.connectionParameters.application_name ?? '')) observe(statementOf(args));
    return Reflect.apply(send, this, args);
  };
}

function statementOf([statement, values]: readonly unknown[]): Statement {
  if (typeof statement === 'string') return { sql: statement, values: Array.isArray(values) ? values : [] };
  const { text, values: own } = statement as { text: string; values?: unknown[] };
  return { sql: text, values: own ?? (Array.isArray(values) ? values : []) };
}
