import { destination, pino, type Logger } from 'pino';

import { REQUEST_LOGGED } from '../http/request-log.ts';

/** The file descriptor of the standard output. */
const STDOUT = 1;
/** Unread lines beyond this size are dropped. */
const MAX_WAITING_BYTES = 16 * 2 ** 20;
/** Lines are written together, because a write per line would take longer than the line itself, and a thread. */
const WRITE_BYTES = 8 * 2 ** 10;
/** Lines are written after this time at the latest. */
const WRITE_INTERVAL_MS = 100;

/**
 * Returns a logger that writes JSON lines, or readable ones to a terminal. JSON lines are written several at a time while
 * the process works on requests, and the rest when it exits.
 */
export async function createLog(level: string): Promise<Logger> {
  if (!process.stdout.isTTY) {
    const lines = destination({
      dest: STDOUT,
      sync: false,
      minLength: WRITE_BYTES,
      periodicFlush: WRITE_INTERVAL_MS,
      maxLength: MAX_WAITING_BYTES,
    });
    return pino({ level }, lines);
  }
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
