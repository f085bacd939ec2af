import { pino, type Logger } from 'pino';

/** Logs JSON lines, or pretty-prints to a terminal. Keep messages static and put variable data in fields. */
export function createLog(level: string): Logger {
  const base = { name: 'worker' };
  if (!process.stdout.isTTY) return pino({ level, base });
  return pino({
    level,
    base,
    transport: { target: 'pino-pretty', options: { translateTime: 'HH:MM:ss' } },
  });
}
