import { createRequire } from 'node:module';

import { ensurePlatform, isUpgrading, migrate, openDatabase, type Database } from '@greenroom/database';
import { openTracing, type Tracing, type TracingConfig, type TracingProblem } from '@greenroom/tracing';
import type { Logger } from 'pino';

import type { Config } from './common/config.ts';
import { statementSpans } from './tracing/statement-spans.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
/** This program in traces. */
const PROGRAM = { name: 'greenroom-api', version };

/** A server that requests can reach. */
export interface Serving {
  url: string;
  /** Resolves when requests in progress are finished and nothing runs. */
  close(): Promise<void>;
}

export interface ServeDatabaseOptions {
  databaseUrl: string;
  config: Pick<Config, 'databasePoolSize'>;
  signal: AbortSignal;
  log: Logger;
  /** Null disables tracing. */
  tracing: TracingConfig | TracingProblem | null;
  start: (database: Database, tracing: Tracing | null) => Promise<Serving>;
  /** The server is closed when it resolves. */
  use: (server: Serving, database: Database) => Promise<void>;
}

/** Migrates and seeds a database, and runs `use` with a server of it. */
export async function serveDatabase(options: ServeDatabaseOptions): Promise<void> {
  const { databaseUrl, config, signal, log, start, use } = options;
  await migrate(databaseUrl, {
    signal,
    log: (message) => log.info(message),
    warn: (message) => log.warn(message),
  });
  const tracing = await openTracing(options.tracing, PROGRAM, log);
  const database = openDatabase(databaseUrl, {
    poolSize: config.databasePoolSize,
    applicationName: 'greenroom-api-pool',
    traceStatement: tracing && statementSpans(tracing),
  });
  try {
    const server = await seedAndStart().catch((error: unknown) => {
      // After an abort, the start may fail with any error; throw the reason of the abort instead.
      signal.throwIfAborted();
      throw error;
    });
    try {
      await use(server, database);
    } finally {
      await server.close();
    }
  } finally {
    await Promise.all([database.close(), tracing?.stop()]);
  }

  async function seedAndStart(): Promise<Serving> {
    await ensurePlatform(database);
    if (await isUpgrading(database.pool)) {
      log.warn(
        'The database still serves processes of the previous version. When the last of them has stopped, run ' +
          '`greenroom database finish-upgrade`.',
      );
    }
    return start(database, tracing);
  }
}
