import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Returns the sorted relative paths of all files below a directory, with `/` as separator. Empty if it does not exist. */
export async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}
