import { destination, pino, type Logger } from 'pino';

import { REQUEST_LOGGED } from '../http/request-log.ts';

/** The file descriptor of the standard output. */
const STDOUT = 1;

/**
 * Returns a logger that writes JSON lines, or readable ones to a terminal. Lines are written while the process works on
 * requests, all that have accumulated at once, and the rest when it exits.
 */
export async function createLog(level: string): Promise<Logger> {
  if (!process.stdout.isTTY) return pino({ level }, destination({ dest: STDOUT, sync: false }));
  const readable = await readableLines({ colorize: true });
  return pino({ level }, { write: (line) => process.stdout.write(readable(line)) });
}

/** Returns a function that formats a JSON line for a terminal, with one short line for a request. */
export async function readableLines({ colorize }: { colorize: boolean }): Promise<(line: string) => string> {
  // Loaded lazily: only a terminal needs it.
  const { prettyFactory } = await import('pino-pretty');
  const options = { colorize, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' };
  const other = prettyFactory(options);
  const request = prettyFactory({
    ...options,
    hideObject: true,
    messageFormat: '{method} {path} {status}{if code} {code}{end} {duration_ms} ms',
  });
  return (line) => {
    const entry = JSON.parse(line) as { msg?: unknown };
    return (entry.msg === REQUEST_LOGGED ? request : other)(entry);
  };
}
