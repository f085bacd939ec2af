import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';

import { migrate, openDatabase, openEmbeddedPostgres, seedPlatform } from '@greenroom/database';

import { printBanner } from './banner.ts';
import { outliveReaders } from './broken-pipe.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { ensureDevOrg } from './dev-org.ts';
import { ensureWorkerKeyFile } from './dev-worker-key.ts';
import { createLog } from './log.ts';
import { loadTokenKey } from './sessions/token-key.ts';

/** What somebody who works beside the API has to know of it. */
export interface Serving {
  url: string;
  /** A file with a worker's key for development; null where there is no organisation `dev`. */
  workerKeyFile: string | null;
}

/** Begins what works beside the API; what it answers ends it, and is waited for before the API stops serving. */
export type Companion = (serving: Serving) => () => Promise<void>;

/** Starts the API, says where it is, and stops everything on SIGINT, SIGTERM or SIGHUP. Sets the exit code on a fault. */
export async function run(companion?: Companion): Promise<void> {
  outliveReaders();
  try {
    await serve(readConfig(process.env), companion);
  } catch (error) {
    console.error(startupMessage(error));
    process.exitCode = 1;
  }
}

async function serve(config: Config, companion?: Companion): Promise<void> {
  // Heard from the first moment: whoever stops a start must find nothing left running.
  const stop = stopRequested();
  const log = createLog(config.logLevel);
  const dataDir = resolve(config.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });

  const opening =
    config.databaseUrl === null
      ? openEmbeddedPostgres({ dataDir, log: (message) => log.warn(message) })
      : null;
  // Read while PostgreSQL starts: each takes about as long as the other.
  const modules = import('./server.ts');
  const embedded = await opening;
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? '';
  try {
    await migrate(databaseUrl);
    const database = openDatabase(databaseUrl, {
      poolSize: config.databasePoolSize,
      applicationName: 'greenroom-api-pool',
    });
    try {
      await seedPlatform(database);
      const tokenKey = config.tokenKey ?? (await loadTokenKey(dataDir));
      const sessions = { ...config.sessions, tokenKey };
      const { startServer } = await modules;
      const server = await startServer({ ...config, database, databaseUrl, log, sessions });
      try {
        const keys = config.devOrg ? await ensureDevOrg(database, dataDir, server.url) : null;
        const workerKeyFile = config.devOrg ? await ensureWorkerKeyFile(database, dataDir) : null;
        printBanner(server.url, keys, config.docsDir !== null);
        const stopCompanion = companion?.({ url: server.url, workerKeyFile });
        await stop;
        log.info('stopping');
        await stopCompanion?.();
      } finally {
        await server.close();
      }
    } finally {
      await database.close();
    }
  } finally {
    await embedded?.stop();
  }
}

/** Resolves at the first request to stop; at the second the process ends at once. */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    // SIGHUP: the terminal was closed. PostgreSQL is in no process group of ours and would go on.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve();
      });
    }
  });
}

function startupMessage(error: unknown): string {
  if (error instanceof ConfigError)
    return `Greenroom cannot start; the environment is not valid:\n${error.message}`;
  if (!(error instanceof Error)) return `Greenroom cannot start: ${String(error)}`;
  if ('code' in error && error.code === 'EADDRINUSE') {
    return 'Greenroom cannot start: the port is taken. Stop what listens there, or choose another with PORT=4001.';
  }
  const detail = ['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? '') ? `\n${error.stack}` : '';
  return `Greenroom cannot start: ${error.message}${detail}`;
}
