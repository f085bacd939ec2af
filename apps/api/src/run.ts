import {
  migrate,
  openDatabase,
  openEmbeddedPostgres,
  ensurePlatform,
  type Database,
  type EmbeddedPostgres,
} from '@greenroom/database';

import { ConfigError, readConfig, type Config } from './common/config.ts';
import type * as ServerModule from './server.ts';
import { loadTokenKey } from './sessions/token-key.ts';
import { printBanner } from './startup/banner.ts';
import { openDataDir, protectSecrets } from './startup/data-dir.ts';
import { devFileOf, ensureDevOrg } from './startup/dev-org.ts';
import { ensureWorkerKeyFile } from './startup/dev-worker-key.ts';
import { errorLine } from './startup/error-line.ts';
import { ignoreEpipe } from './startup/ignore-epipe.ts';
import { explainListenError, requireFreePort } from './startup/listen-error.ts';
import { createLog } from './startup/log.ts';
import { listenForStopSignals } from './startup/stop-signals.ts';

/** The API's address and key file, as a companion process needs them. */
export interface ServerInfo {
  url: string;
  /** A file with a worker's key for development; null without the organisation `dev`. */
  workerKeyFile: string | null;
}

/** Starts a companion process. The returned function stops it and is awaited before the API stops serving. */
export type Companion = (server: ServerInfo) => () => Promise<void>;

/**
 * Starts the API, prints its address, and stops everything on SIGINT, SIGTERM or SIGHUP, also during the start. Sets
 * the exit code after an error.
 */
export async function run(companion?: Companion): Promise<void> {
  ignoreEpipe();
  let isVerbose = false;
  try {
    const config = readConfig(process.env);
    isVerbose = ['debug', 'trace'].includes(config.logLevel);
    await serve(config, companion);
  } catch (error) {
    console.error(startupMessage(error, isVerbose));
    process.exitCode = 1;
  }
}

async function serve(config: Config, companion?: Companion): Promise<void> {
  let opening: Promise<EmbeddedPostgres> | null = null;
  // Listens from the beginning, so that a stopped start leaves nothing running.
  const stop = listenForStopSignals(async () => {
    // A stopped opening stops its server before it rejects.
    const embedded = await opening?.catch(() => null);
    await embedded?.stop('immediate');
  });
  const log = await createLog(config.logLevel);
  try {
    await requireFreePort(config.host, config.port);
    const dataDir = await openDataDir(config.dataDir, {
      writable: config.databaseUrl === null || config.devOrg || config.tokenKey === null,
    });
    await protectSecrets(dataDir, log);
    stop.signal.throwIfAborted();
    if (config.databaseUrl === null) {
      opening = openEmbeddedPostgres({ dataDir, signal: stop.signal, log: (message) => log.warn(message) });
    }
    // Load the modules while PostgreSQL starts: both take about as long.
    const modules = import('./server.ts');
    const embedded = await opening;
    try {
      await serveDatabase(config.databaseUrl ?? embedded?.url ?? '', dataDir, modules);
    } finally {
      await embedded?.stop();
    }
  } catch (error) {
    if (error !== stop.signal.reason) throw error;
  }

  async function serveDatabase(databaseUrl: string, dataDir: string, modules: Promise<typeof ServerModule>) {
    await migrate(databaseUrl, { signal: stop.signal });
    const database = openDatabase(databaseUrl, {
      poolSize: config.databasePoolSize,
      applicationName: 'greenroom-api-pool',
    });
    try {
      const server = await start(database).catch(async (error: unknown) => {
        // A stopped start may fail in any way, such as by a database that does not respond.
        stop.signal.throwIfAborted();
        throw await explainListenError(error, config.host, config.port);
      });
      try {
        await serveUntilStopped(database, dataDir, server);
      } finally {
        await server.close();
      }
    } finally {
      await database.close();
    }

    async function start(database: Database): Promise<ServerModule.RunningServer> {
      await ensurePlatform(database);
      const tokenKey = config.tokenKey ?? (await loadTokenKey(dataDir));
      const sessions = { ...config.sessions, tokenKey };
      const { startServer } = await modules;
      stop.signal.throwIfAborted();
      return startServer({ ...config, database, databaseUrl, log, sessions });
    }
  }

  async function serveUntilStopped(database: Database, dataDir: string, server: ServerModule.RunningServer) {
    const keys = config.devOrg ? await ensureDevOrg(database, dataDir, server.url) : null;
    const workerKeyFile = config.devOrg ? await ensureWorkerKeyFile(database, dataDir) : null;
    stop.signal.throwIfAborted();
    printBanner(server.url, { keys, devFile: devFileOf(dataDir), hasDocs: config.docsDir !== null });
    const stopCompanion = companion?.({ url: server.url, workerKeyFile });
    await stop.requested;
    log.info('stopping');
    await stopCompanion?.();
  }
}

function startupMessage(error: unknown, isVerbose: boolean): string {
  if (error instanceof ConfigError) {
    return `Greenroom cannot start; the environment is not valid:\n${error.message}`;
  }
  const stack = isVerbose && error instanceof Error ? `\n${error.stack}` : '';
  return `Greenroom cannot start: ${errorLine(error)}${stack}`;
}
