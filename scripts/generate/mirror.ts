import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesBelow } from './files.ts';
import { syncFolder } from './sync-folder.ts';

/** Makes a directory equal to another one, and writes only files that differ. */
export async function mirror(from: string, to: string): Promise<void> {
  const names = await filesBelow(from);
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(from, name), 'utf8')]),
  );
  await syncFolder(to, Object.fromEntries(files) as Record<string, string>);
}
