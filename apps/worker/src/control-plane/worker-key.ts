import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from 'pino';

/** The credential of this worker. */
export interface WorkerKey {
  /** Resolves with the key as soon as there is one. */
  current(signal: AbortSignal): Promise<string>;
  /** Discards a key that the server rejected. */
  discard(key: string): void;
}

const POLL_INTERVAL_MS = 200;
/** The characters that a header can have. For any other key, the error would quote the key, and so would the log. */
const KEY = /^wk_[\x21-\x7e]+$/;

export function isWorkerKey(text: string): boolean {
  return KEY.test(text);
}

export function fixedKey(secret: string): WorkerKey {
  return { current: async () => secret, discard: () => undefined };
}

/** A key in a file. Another process writes the file, possibly after this one starts, and may replace it. */
export function keyFile(path: string, log: Logger): WorkerKey {
  let known: string | null = null;
  return {
    async current(signal) {
      if (known !== null) return known;
      let reported: string | undefined;
      for (;;) {
        const text = await read(path);
        if (isWorkerKey(text)) return (known = text);
        const problem =
          text === '' ? 'waiting for the worker key file' : 'the worker key file has no valid key';
        if (problem !== reported) log.info({ path }, problem);
        reported = problem;
        await delay(POLL_INTERVAL_MS, undefined, { signal });
      }
    },
    discard(key) {
      if (known === key) known = null;
    },
  };
}

/** Returns the text of the file; empty while there is none. */
async function read(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
