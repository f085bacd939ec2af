import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from 'pino';

/** The credential of this worker. */
export interface WorkerKey {
  /** Waits for it where it is not there yet. */
  current(signal: AbortSignal): Promise<string>;
  /** The server does not accept this one. */
  refused(key: string): void;
}

const LOOK_AGAIN_MS = 200;

export function fixedKey(secret: string): WorkerKey {
  return { current: async () => secret, refused: () => undefined };
}

/** A key in a file that somebody else writes, perhaps later and perhaps anew. */
export function keyFile(path: string, log: Logger): WorkerKey {
  let known: string | null = null;
  return {
    async current(signal) {
      known ??= await read(path);
      if (known === null) log.info({ path }, 'waiting for the worker key file');
      while (known === null) {
        await sleep(LOOK_AGAIN_MS, undefined, { signal });
        known = await read(path);
      }
      return known;
    },
    refused(key) {
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
