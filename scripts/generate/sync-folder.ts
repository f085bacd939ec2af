import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { filesBelow } from './files.ts';

/**
 * Makes a folder contain exactly these files: writes those that differ and removes all others.
 * Unchanged files keep their modification time, so that watchers and caches see no change.
 */
export async function syncFolder(directory: string, files: Record<string, string>): Promise<void> {
  for (const name of await filesBelow(directory)) {
    if (!(name in files)) await rm(join(directory, name));
  }
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    const current = await readFile(path, 'utf8').catch(() => undefined);
    if (current === content) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
