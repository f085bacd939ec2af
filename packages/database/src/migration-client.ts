import { Socket } from 'node:net';

import pg from 'pg';

import { UNTRUSTED_CERTIFICATE } from './availability.ts';
import { QUERY_TIMEOUT_MESSAGE } from './query-timeout.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;

/** One connection with bounded waits. Once its signal is aborted, every wait ends and rejects with the reason. */
export class MigrationClient {
  readonly #client: pg.Client;
  readonly #socket = new Socket();
  #signal: AbortSignal | undefined;
  readonly #destroy = (): void => {
    this.#socket.destroy();
  };

  private constructor(url: string, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#client = new pg.Client({
      connectionString: url,
      application_name: 'greenroom-migrate',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      stream: () => this.#socket,
    });
    this.#client.on('error', () => undefined);
  }

  /** @throws when the server cannot be reached or does not respond, and the signal's reason */
  static async connect(url: string, signal: AbortSignal | undefined): Promise<MigrationClient> {
    signal?.throwIfAborted();
    const connection = new MigrationClient(url, signal);
    signal?.addEventListener('abort', connection.#destroy);
    try {
      await connection.#client.connect();
      return connection;
    } catch (error) {
      await connection.close();
      signal?.throwIfAborted();
      throw explained(error);
    }
  }

  /** Sends a statement that waits at most `waitMs` for a lock, and returns its rows. */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    waitMs = 0,
  ): Promise<Row[]> {
    this.#signal?.throwIfAborted();
    try {
      const config = { text, values: [...values], query_timeout: QUERY_TIMEOUT_MS + waitMs };
      return (await this.#client.query<Row>(config)).rows;
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw explained(error);
    }
  }

  /** Ignores the signal from now on, so that an abort does not close the connection. */
  ignoreAbort(): void {
    this.#signal?.throwIfAborted();
    this.#signal?.removeEventListener('abort', this.#destroy);
    this.#signal = undefined;
  }

  /** Closes the connection, within two seconds even when the server does not respond. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#destroy);
    const timer = setTimeout(this.#destroy, this.#signal?.aborted ? 0 : CLOSE_TIMEOUT_MS);
    await this.#client.end().catch(() => undefined);
    clearTimeout(timer);
    this.#socket.destroy();
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (UNTRUSTED_CERTIFICATE.test(code)) {
    return new Error(
      `The certificate of the database's server is not trusted (${code}). Name the file of its certificate authority: ` +
        'sslmode=verify-full&sslrootcert=/path/to/ca.pem in DATABASE_URL.',
      { cause: error },
    );
  }
  if (error.message !== QUERY_TIMEOUT_MESSAGE && error.message !== 'timeout expired') return error;
  return new Error(
    'The database does not respond. Check that the server of DATABASE_URL runs and is reachable.',
    {
      cause: error,
    },
  );
}
