import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createFile } from '../common/atomic-file.ts';

const KEY_BYTES = 32;

/**
 * Reads the key that encrypts worker tokens at rest. The first start creates it, next to the database.
 *
 * @throws {Error} when the file does not contain a whole key
 */
export async function loadTokenKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'token.key');
  const key = (await readKey(path)) ?? (await createKey(path));
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${path} does not hold a whole key. Restore it from a backup; or remove it, and sessions that are live now ` +
      'cannot be handed to a worker.',
  );
}

async function readKey(path: string): Promise<Buffer | null> {
  try {
    return Buffer.from(await readFile(path, 'utf8'), 'base64');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Returns the key of the first process when several start at once. */
async function createKey(path: string): Promise<Buffer> {
  await createFile(path, randomBytes(KEY_BYTES).toString('base64'));
  return (await readKey(path)) ?? Buffer.alloc(0);
}
