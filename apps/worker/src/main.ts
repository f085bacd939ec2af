import { createRequire } from 'node:module';

import { ConfigError, unknownSettings } from '@greenroom/settings';
import { openTracing } from '@greenroom/tracing';
import { pino, type Logger } from 'pino';

import { environment, readConfig, type Config } from './config.ts';
import { ControlPlane } from './control-plane/control-plane.ts';
import { fixedKey, keyFile } from './control-plane/worker-key.ts';
import { MediaServer } from './media/media-server.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { createRuntime } from './runtimes.ts';
import { Worker } from './worker.ts';

const HELP = `Claims sessions of a Greenroom server and performs them.

Usage: worker [--help]

Settings are read from the environment:
${Object.entries(environment)
  .map(([name, { desc = '' }]) => `  ${name.padEnd(34)} ${desc}`)
  .join('\n')}

SIGTERM finishes the sessions in progress, then exits; a second SIGTERM exits at once.`;

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

async function main(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  for (const message of unknownSettings(process.env)) log.warn(message);
  const tracing = await openTracing(config.tracing, { name: 'greenroom-worker', version }, log);
  const key = 'secret' in config.key ? fixedKey(config.key.secret) : keyFile(config.key.file, log);
  const controlPlane = new ControlPlane({ apiUrl: config.apiUrl, key, log });
  const media = config.media && (await MediaServer.listen(config.media));
  if (media !== null) log.info({ url: media.url }, 'serving media');
  const workers = await Promise.all(
    config.runtimes.map(async ({ name, slots }) => {
      const runtime = await createRuntime(name, { ...config, media });
      return new Worker({ runtime, slots, name: config.workerName, version, controlPlane, tracing, log });
    }),
  );
  await runUntilStopped(workers, log, async () => tracing?.stop());
}

if (process.argv.includes('--help')) {
  console.log(HELP);
} else {
  try {
    await main(readConfig(process.env));
  } catch (error) {
    console.error(startupMessage(error));
    process.exitCode = 1;
  }
}

function startupMessage(error: unknown): string {
  if (error instanceof ConfigError) {
    return `The worker cannot start. Invalid environment:\n${error.message}`;
  }
  return `The worker cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

/** Logs JSON lines, or pretty-prints to a terminal. Keep messages static and put variable data in fields. */
function createLog(level: string): Logger {
  const base = { name: 'worker' };
  if (!process.stdout.isTTY) return pino({ level, base });
  return pino({
    level,
    base,
    transport: { target: 'pino-pretty', options: { translateTime: 'HH:MM:ss' } },
  });
}
