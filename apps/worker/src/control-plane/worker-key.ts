import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from 'pino';

/** The credential of this worker. */
export interface WorkerKey {
  /** Resolves with the key as soon as there is one. */
  current(signal: AbortSignal): Promise<string>;
  /** Discards a key that the server refused. */
  discard(key: string): void;
}

const POLL_INTERVAL_MS = 200;

export function fixedKey(secret: string): WorkerKey {
  return { current: async () => secret, discard: () => undefined };
}

/** A key in a file. Another process writes the file, possibly after this one starts, and may replace it. */
export function keyFile(path: string, log: Logger): WorkerKey {
  let known: string | null = null;
  return {
    async current(signal) {
      known ??= await read(path);
      if (known === null) log.info({ path }, 'waiting for the worker key file');
      while (known === null) {
        await delay(POLL_INTERVAL_MS, undefined, { signal });
        known = await read(path);
      }
      return known;
    },
    discard(key) {
      if (known === key) known = null;
    },
  };
}

async function read(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
