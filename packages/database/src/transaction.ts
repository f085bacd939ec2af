import type pg from 'pg';

import { QUERY_TIMEOUT_MESSAGE } from './query-timeout.ts';
import type { TraceStatement } from './trace-statements.ts';

/** A statement with parameters `$1`, `$2`, … as `Prisma.sql` builds it. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Runs statements, each parsed and planned once per connection. */
export interface Queries {
  query<Row extends object>(statement: Statement): Promise<Row[]>;
}

/**
 * A transaction on one connection. Statements that are sent without waiting for each other share a round trip and run in
 * their order; when one fails, those after it fail as well.
 */
export interface Transaction extends Queries {
  /**
   * Sends the last statements and the commit in one round trip, so that their locks are held only while they run.
   * Returns the rows of each. Nothing can be sent after it.
   */
  commit<Row extends object>(...statements: readonly Statement[]): Promise<Row[][]>;
}

const afterActions = new WeakMap<Transaction, (() => void)[]>();

/**
 * Runs an action after a transaction, even when the transaction failed or its outcome is unknown. The action must be
 * harmless then.
 *
 * @throws {Error} when `Database.transaction` did not start the transaction
 */
export function afterTransaction(tx: Transaction, action: () => void): void {
  const actions = afterActions.get(tx);
  if (actions === undefined) throw new Error('This transaction was not started by Database.transaction');
  actions.push(action);
}

/** Limits of a transaction, in milliseconds. */
export interface TransactionLimits {
  /** The limit from the first statement to the end. */
  timeoutMs: number;
  /** The limit of each statement. */
  queryTimeoutMs: number;
}

export interface TransactionOptions extends TransactionLimits {
  traceStatement: TraceStatement | null;
}

/**
 * Runs `work` in a READ COMMITTED transaction and rolls back when it throws. BEGIN shares the round trip of the first
 * statements.
 */
export async function runTransaction<T>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const connection = new Connection(await pool.connect(), options);
  const actions: (() => void)[] = [];
  afterActions.set(connection, actions);
  try {
    return await connection.run(work);
  } finally {
    for (const action of actions) action();
  }
}

class Connection implements Transaction {
  readonly #client: pg.PoolClient;
  readonly #queryTimeoutMs: number;
  readonly #until: number;
  readonly #traceStatement: TraceStatement | null;
  #begun: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(client: pg.PoolClient, { timeoutMs, queryTimeoutMs, traceStatement }: TransactionOptions) {
    this.#client = client;
    this.#traceStatement = traceStatement;
    this.#queryTimeoutMs = queryTimeoutMs;
    this.#until = performance.now() + timeoutMs;
  }

  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let isClean = false;
    try {
      this.#begun = this.#send({ text: 'BEGIN' });
      // The first statement waits for it.
      this.#begun.catch(() => undefined);
      try {
        const result = await work(this);
        if (!this.#isOver) await this.commit();
        return result;
      } catch (error) {
        // A connection whose rollback fails is closed below.
        if (!this.#isOver) await this.#send({ text: 'ROLLBACK' }).catch(() => undefined);
        throw error;
      } finally {
        isClean = this.#client.getTransactionStatus() === 'I';
      }
    } finally {
      // Closing the connection rolls its transaction back.
      this.#client.release(!isClean);
    }
  }

  async query<Row extends object>(statement: Statement): Promise<Row[]> {
    const [, { rows }] = await Promise.all([this.#begun, this.#send<Row>(prepared(statement))]);
    return rows;
  }

  async commit<Row extends object>(...statements: readonly Statement[]): Promise<Row[][]> {
    const results = statements.map((statement) => this.query<Row>(statement));
    const committed = this.#send({ text: 'COMMIT' });
    this.#isOver = true;
    const settled = await Promise.allSettled([...results, committed]);
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    if ((await committed).command !== 'COMMIT') {
      throw new Error('The transaction had failed before its commit');
    }
    return Promise.all(results);
  }

  async #send<Row extends object>(query: pg.QueryConfig & { text: string }): Promise<pg.QueryResult<Row>> {
    const leftMs = Math.floor(this.#until - performance.now());
    if (leftMs <= 0) throw new Error(QUERY_TIMEOUT_MESSAGE);
    const timed = { ...query, query_timeout: Math.min(leftMs, this.#queryTimeoutMs) } as pg.QueryConfig;
    const send = () => this.#client.query<Row & pg.QueryResultRow>(timed);
    return this.#traceStatement === null ? send() : this.#traceStatement(query.text, send);
  }
}

const names = new Map<string, string>();

/**
 * Returns a statement that each connection parses and plans once. Statements have few different texts. Times are sent in
 * UTC: `pg` sends them in the time zone of the process, and PostgreSQL drops it when it casts one to a date.
 */
export function prepared({ text, values }: Statement): pg.QueryConfig {
  let name = names.get(text);
  if (name === undefined) {
    name = `statement-${names.size}`;
    names.set(text, name);
  }
  return { name, text, values: values.map((value) => (value instanceof Date ? value.toISOString() : value)) };
}
