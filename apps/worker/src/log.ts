import { pino, type Logger } from 'pino';

/** JSON lines, or readable ones where a person looks on. Messages are static; what varies is in fields. */
export function createLog(level: string): Logger {
  const base = { name: 'worker' };
  if (!process.stdout.isTTY) return pino({ level, base });
  return pino({
    level,
    base,
    transport: { target: 'pino-pretty', options: { translateTime: 'HH:MM:ss' } },
  });
}
