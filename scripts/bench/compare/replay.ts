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

/** A statement with its name; a BEGIN or COMMIT has none. */
interface NamedStatement extends Statement {
  name: string | undefined;
}

/** Sends the statements of a recorded operation for other requests, as named prepared statements, in as many round trips. */
export class Replay {
  readonly recording: Recording;
  readonly #pool: Pool;
  readonly #orgs: ReadonlyMap<string, string>;
  readonly #recorded: RequestValues;
  readonly #varying: string[][];
  readonly #roundTrips: readonly NamedStatement[][];

  /** @param orgs the organisations by their keys */
  constructor(recording: Recording, pool: Pool, orgs: ReadonlyMap<string, string>) {
    this.recording = recording;
    this.#pool = pool;
    this.#orgs = orgs;
    this.#recorded = this.#valuesOf(recording.first.request);
    this.#roundTrips = roundTripsOf(recording.first.statements);
    // Varies even if both recorded requests have the same organisation.
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
    if (this.#roundTrips.length === 1) {
      return {
        rows: (await this.#send(this.#pool, this.#roundTrips[0] ?? [], replacements)) ?? [],
        replacements,
      };
    }
    const client = await this.#pool.connect();
    let failed = true;
    try {
      let rows: unknown[] = [];
      for (const statements of this.#roundTrips) {
        rows = (await this.#send(client, statements, replacements)) ?? rows;
      }
      failed = false;
      return { rows, replacements };
    } finally {
      // Closing the connection rolls its transaction back.
      client.release(failed);
    }
  }

  /** Sends statements that share a round trip. Returns the rows of the last one that is not part of the transaction. */
  async #send(
    client: Pool | PoolClient,
    statements: readonly NamedStatement[],
    replacements: Replacements,
  ): Promise<unknown[] | undefined> {
    const results = await Promise.all(statements.map((statement) => send(client, statement, replacements)));
    return results.findLast((_rows, index) => statements[index]?.name !== undefined);
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
  { name, text, values, rowCount }: NamedStatement,
  replacements: Replacements,
): Promise<unknown[]> {
  const result = await client.query<Record<string, unknown>>(
    name === undefined ? text : { name, text, values: values.map((value) => filled(value, replacements)) },
  );
  if (result.rowCount !== rowCount) {
    throw new Error(`${String(result.rowCount)} rows instead of ${String(rowCount)}: ${text}`);
  }
  return result.rows;
}

/** Groups statements that were sent without waiting for each other. */
function roundTripsOf(statements: readonly Statement[]): NamedStatement[][] {
  const roundTrips: NamedStatement[][] = [];
  for (const [index, statement] of statements.entries()) {
    const isControl = /^\s*(BEGIN|COMMIT)\b/i.test(statement.text);
    const named = { ...statement, name: isControl ? undefined : `replayed-${index}` };
    if (statement.isPipelined) roundTrips.at(-1)?.push(named);
    else roundTrips.push([named]);
  }
  return roundTrips;
}
