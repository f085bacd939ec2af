import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;

/**
 * Reads the key that encrypts worker tokens at rest; the first start makes it, next to the database.
 *
 * @throws when the file holds no whole key
 */
export async function loadTokenKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'token.key');
  const key = (await readKey(path)) ?? (await makeKey(path));
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

/** Written whole and on the disk before it has its name: a crash leaves no half of it, and of two starts one wins. */
async function makeKey(path: string): Promise<Buffer> {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(randomBytes(KEY_BYTES).toString('base64'));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
  return (await readKey(path)) ?? Buffer.alloc(0);
}
