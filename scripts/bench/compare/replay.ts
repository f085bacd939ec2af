import type { Pool, PoolClient } from 'pg';

import type { LoadRequest } from './load.ts';
import type { Recording, Statement } from './recording.ts';
import { filled, replacementsOf, varyingPaths, type Replacements, type RequestValues } from './template.ts';

/** The result of a replayed request. */
export interface Replayed {
  /** The rows of the last statement that is not a COMMIT. */
  rows: unknown[];
  replacements: Replacements;
}

/** Sends the statements of a recorded operation for other requests, as named prepared statements. */
export class Replay {
  readonly recording: Recording;
  readonly #pool: Pool;
  readonly #orgs: ReadonlyMap<string, string>;
  readonly #recorded: RequestValues;
  readonly #varying: string[][];

  /** @param orgs the organisations by their keys */
  constructor(recording: Recording, pool: Pool, orgs: ReadonlyMap<string, string>) {
    this.recording = recording;
    this.#pool = pool;
    this.#orgs = orgs;
    this.#recorded = this.#valuesOf(recording.first.request);
    // The organisation may be the same in both.
    this.#varying = [
      ...varyingPaths(
        { ...this.#recorded, orgId: '' },
        { ...this.#valuesOf(recording.second.request), orgId: '' },
      ),
      ['orgId'],
    ];
  }

  /** @throws {Error} when a statement does not have as many rows as the recorded one */
  async run(request: Pick<LoadRequest, 'path' | 'key' | 'body'>): Promise<Replayed> {
    const replacements = replacementsOf(this.#recorded, this.#valuesOf(request), this.#varying);
    const { statements } = this.recording.first;
    if (statements.length === 1) {
      const rows = await Promise.all(
        statements.map((statement) => send(this.#pool, statement, 0, replacements)),
      );
      return { rows: rows.flat(), replacements };
    }
    const client = await this.#pool.connect();
    let failed = true;
    try {
      let rows: unknown[] = [];
      for (const [index, statement] of statements.entries()) {
        const result = await send(client, statement, index, replacements);
        if (!isTransactionControl(statement)) rows = result;
      }
      failed = false;
      return { rows, replacements };
    } finally {
      // Closing the connection rolls its transaction back.
      client.release(failed);
    }
  }

  /** Returns the recorded response with the values of a replayed request. */
  responseOf({ replacements }: Replayed): unknown {
    return filled(this.recording.first.response, replacements);
  }

  #valuesOf({ path, key, body }: Pick<LoadRequest, 'path' | 'key' | 'body'>): RequestValues {
    return { orgId: this.#orgs.get(key), path: path.split('/'), body };
  }
}

async function send(
  client: Pool | PoolClient,
  statement: Statement,
  index: number,
  replacements: Replacements,
): Promise<unknown[]> {
  const { text, values, rowCount } = statement;
  const result = isTransactionControl(statement)
    ? await client.query<Record<string, unknown>>(text)
    : await client.query<Record<string, unknown>>({
        name: `replayed-${index}`,
        text,
        values: values.map((value) => filled(value, replacements)),
      });
  if (result.rowCount !== rowCount) {
    throw new Error(`${String(result.rowCount)} rows instead of ${String(rowCount)}: ${text}`);
  }
  return result.rows;
}

function isTransactionControl({ text }: Statement): boolean {
  return /^\s*(BEGIN|COMMIT)\b/i.test(text);
}
