import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/**
 * Makes a folder contain exactly these files: writes those that differ and removes others. Unchanged files keep their
 * modification time, so that watchers and caches see no change.
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

/** Returns the sorted relative paths of all files below a directory, with `/` as separator. Empty if it does not exist. */
export async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}
