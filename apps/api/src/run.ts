import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { openEmbeddedPostgres, type Database, type EmbeddedPostgres } from '@greenroom/database';
import { unknownSettings } from '@greenroom/settings';
import type { Tracing } from '@greenroom/tracing';
import type { Logger } from 'pino';

import { baseUrl } from './common/base-url.ts';
import { readConfig, secrets, type Config } from './common/config.ts';
import { inBackground } from './common/in-background.ts';
import { serveDatabase, type Serving } from './serve-database.ts';
import type * as ServerModule from './server.ts';
import { loadTokenKey } from './sessions/token-key.ts';
import { readArguments } from './startup/arguments.ts';
import { printBanner } from './startup/banner.ts';
import { openDataDir, protectSecrets } from './startup/data-dir.ts';
import { devFileOf, ensureDevOrg, type DevKeys } from './startup/dev-org.ts';
import { ensureWorkerKeyFile } from './startup/dev-worker-key.ts';
import { requireEmbeddedConnections } from './startup/embedded-connections.ts';
import { ignoreEpipe } from './startup/ignore-epipe.ts';
import { explainListenError, requireFreePorts } from './startup/listen-error.ts';
import { createLog } from './startup/log.ts';
import { ProcessGroup } from './startup/process-group.ts';
import { startupMessage } from './startup/startup-message.ts';
import { listenForStopSignals } from './startup/stop-signals.ts';
import { CONSOLE_PATH } from './static-site/console-site.ts';
import { SignInCodes } from './static-site/sign-in-codes.ts';

/** The API's address and key file, as a companion process needs them. */
export interface ServerInfo {
  url: string;
  /** A file with a worker's key for development; null without the organisation `dev`. */
  workerKeyFile: string | null;
}

/** Starts a companion process. The returned function stops it and is awaited before the API stops serving. */
export type Companion = (server: ServerInfo) => () => Promise<void>;

export interface RunOptions {
  /** The arguments of the command. */
  args?: readonly string[];
  companion?: Companion;
}

const EXTENSION = extname(fileURLToPath(import.meta.url));
const GROUP_MEMBER = fileURLToPath(new URL(`./group-member${EXTENSION}`, import.meta.url));
/** Replaces several processes one after another. Not SIGHUP, which a closing terminal sends to stop them. */
const RESTART_SIGNAL = 'SIGUSR2';

/**
 * Starts the API, prints its address, and stops everything on SIGINT, SIGTERM or SIGHUP, even during the start. Sets
 * the exit code after an error.
 */
export async function run({ args = [], companion }: RunOptions = {}): Promise<void> {
  ignoreEpipe();
  let withStack = false;
  try {
    const { processes } = readArguments(args);
    const config = readConfig(process.env);
    withStack = ['debug', 'trace'].includes(config.logLevel);
    requireEmbeddedConnections(config, processes);
    await serve(config, processes, companion);
  } catch (error) {
    console.error(startupMessage(error, { withStack }));
    process.exitCode = 1;
  }
}

async function serve(config: Config, processes: number, companion?: Companion): Promise<void> {
  let opening: Promise<EmbeddedPostgres> | null = null;
  // Listen before anything starts, so that an aborted start leaves nothing running.
  const stop = listenForStopSignals(async () => {
    // When aborted, openEmbeddedPostgres stops its server before it rejects.
    const embedded = await opening?.catch(() => null);
    await embedded?.stop('immediate');
  });
  const { signal } = stop;
  let group: ProcessGroup | null = null;
  if (processes > 1) {
    // Also registered first: without a listener, the signal would end the process.
    process.on(RESTART_SIGNAL, () => {
      if (group !== null) inBackground(group.restart(), log, 'could not replace the API processes');
    });
  }
  const log = await createLog(config.logLevel);
  // For development only: `start` passes a companion. One process only, because the codes are in its memory.
  const hasSignIn = companion !== undefined && processes === 1 && config.devOrg && !isProduction();
  const signInCodes = hasSignIn ? new SignInCodes() : null;
  for (const message of unknownSettings(process.env)) log.warn(message);
  try {
    await requireFreePorts(config, processes);
    const dataDir = await openDataDir(config.dataDir, {
      writable: config.databaseUrl === null || config.devOrg || config.tokenKey === null,
    });
    await protectSecrets(dataDir, log);
    signal.throwIfAborted();
    if (config.databaseUrl === null) {
      opening = openEmbeddedPostgres({ dataDir, signal, log: (message) => log.warn(message) });
    }
    // Load the modules while PostgreSQL starts: both take about as long.
    const modules = processes === 1 ? import('./server.ts') : null;
    const embedded = await opening;
    const databaseUrl = config.databaseUrl ?? embedded?.url ?? '';
    try {
      await serveDatabase({
        ...{ databaseUrl, config, signal, log },
        // The processes of a group trace separately.
        tracing: modules === null ? null : config.tracing,
        async start(database, tracing) {
          const tokenKey = config.tokenKey ?? (await loadTokenKey(dataDir));
          signal.throwIfAborted();
          const options = { config, log, databaseUrl, tokenKey, signInCodes };
          if (modules === null) {
            const started = newGroup(processes, options);
            await started.start(signal);
            group = started;
            return { url: baseUrl(config.host, config.port), close: () => started.stop() };
          }
          return startAlone(await modules, { database, tracing }, options);
        },
        use: (server, database) => serveUntilStopped(database, dataDir, server),
      });
    } finally {
      await embedded?.stop();
    }
  } catch (error) {
    if (error !== signal.reason) throw error;
  }

  async function serveUntilStopped(database: Database, dataDir: string, server: Serving) {
    const keys = config.devOrg ? await ensureDevOrg(database, dataDir, server.url) : null;
    const workerKeyFile = config.devOrg ? await ensureWorkerKeyFile(database, dataDir) : null;
    signal.throwIfAborted();
    printBanner(server.url, {
      keys,
      devFile: devFileOf(dataDir),
      hasDocs: config.docsDir !== null,
      consoleUrl: config.consoleDir === null ? null : consoleUrl(server.url, keys),
      restart: processes === 1 ? null : `kill -${RESTART_SIGNAL.slice(3)} ${process.pid}`,
    });
    const stopCompanion = companion?.({ url: server.url, workerKeyFile });
    await stop.requested;
    log.info('stopping');
    await stopCompanion?.();
  }

  function consoleUrl(serverUrl: string, keys: DevKeys | null): string {
    const url = `${serverUrl}${CONSOLE_PATH}`;
    if (signInCodes === null || keys === null) return url;
    const { test_key, live_key } = keys;
    return `${url}sign-in#${signInCodes.issue({ test_key, live_key })}`;
  }
}

interface StartOptions {
  config: Config;
  log: Logger;
  databaseUrl: string;
  tokenKey: Buffer;
  /** Null when no link signs in to the console. */
  signInCodes: SignInCodes | null;
}

function isProduction(): boolean {
  return process.env['NODE_ENV'] === 'production';
}

async function startAlone(
  { startServer }: typeof ServerModule,
  parts: { database: Database; tracing: Tracing | null },
  { config, log, databaseUrl, tokenKey, signInCodes }: StartOptions,
): Promise<Serving> {
  try {
    const sessions = { ...config.sessions, tokenKey };
    return await startServer({ ...config, ...parts, databaseUrl, log, sessions, signInCodes });
  } catch (error) {
    throw await explainListenError(error, config);
  }
}

function newGroup(processes: number, { config, log, databaseUrl, tokenKey }: StartOptions): ProcessGroup {
  return new ProcessGroup({
    program: GROUP_MEMBER,
    processes,
    env: (index) => ({
      DATABASE_URL: databaseUrl,
      GREENROOM_TOKEN_KEY: tokenKey.toString('base64'),
      ...Object.fromEntries(secrets.map((name) => [`${name}_FILE`, ''])),
      ...(config.metrics !== null && { METRICS_PORT: String(config.metrics.port + index) }),
    }),
    log,
  });
}
