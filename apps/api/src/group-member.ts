/** One of several API processes, under a primary process that has prepared the database and forwards connections. */
import { readConfig, type Config } from './common/config.ts';
import { serveDatabase } from './serve-database.ts';
import { startServer } from './server.ts';
import { ignoreEpipe } from './startup/ignore-epipe.ts';
import { explainListenError } from './startup/listen-error.ts';
import { createLog } from './startup/log.ts';
import { startupMessage } from './startup/startup-message.ts';

async function serve(config: Config, signal: AbortSignal): Promise<void> {
  const { databaseUrl, tokenKey } = config;
  if (databaseUrl === null || tokenKey === null) throw new Error('This program is started by `start`.');
  const log = await createLog(config.logLevel);
  await serveDatabase({
    ...{ databaseUrl, config, signal, log, tracing: config.tracing },
    async start(database, tracing) {
      const sessions = { ...config.sessions, tokenKey };
      const metrics = config.metrics && { ...config.metrics, waitsForPort: true };
      try {
        return await startServer({ ...config, database, databaseUrl, log, sessions, metrics, tracing });
      } catch (error) {
        throw await explainListenError(error, config);
      }
    },
    async use() {
      if (signal.aborted) return;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  });
}

ignoreEpipe();
const stop = new AbortController();
process.on('SIGTERM', () => {
  stop.abort();
});
// A terminal sends these to every process. Only the primary process acts on them.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => undefined);

try {
  await serve(readConfig(process.env), stop.signal);
} catch (error) {
  if (!stop.signal.aborted) console.error(startupMessage(error));
} finally {
  // Exits with status 0.
  process.disconnect();
}
