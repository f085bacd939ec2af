import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;

/** The key that encrypts worker tokens at rest, made on the first start and kept beside the database. */
export async function loadTokenKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'token.key');
  try {
    // Fails where the file exists, so of two first starts one makes the key.
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(randomBytes(KEY_BYTES).toString('base64'));
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return Buffer.from(await readFile(path, 'utf8'), 'base64');
}
