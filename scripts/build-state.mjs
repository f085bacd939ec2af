import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The folders and files that a build reads or writes. */
const FOLDERS = ['openapi', 'packages', 'apps', 'scripts/generate'];
const FILES = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.base.json', 'turbo.json'];

/** Names of the folders that a build writes. */
const BUILT = new Set(['dist', 'generated']);

/**
 * Returns digests of the files' sizes and times instead of their contents, which takes a few milliseconds: `sources` of
 * the hand-written files, `all` also of the files that a build writes. Equal digests mean that no file was written,
 * added or removed. The inode's change time (ctime) is included, because programs cannot set it.
 *
 * @param {string} root
 * @returns {{ sources: string, all: string }}
 */
export function buildState(root) {
  const sources = createHash('sha256');
  const all = createHash('sha256');

  const addFile = (path, isBuilt) => {
    const { size, mtimeNs, ctimeNs } = statSync(join(root, path), { bigint: true });
    const line = `${path}\0${size}\0${mtimeNs}\0${ctimeNs}\n`;
    all.update(line);
    if (!isBuilt) sources.update(line);
  };
  const addFolder = (path, isBuilt) => {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const { name } = entry;
      if (name === 'node_modules' || name.startsWith('.')) continue;
      if (entry.isDirectory()) addFolder(`${path}/${name}`, isBuilt || BUILT.has(name));
      else if (entry.isFile()) addFile(`${path}/${name}`, isBuilt || name === 'generated.sha256');
    }
  };
  for (const folder of FOLDERS) addFolder(folder, false);
  for (const file of FILES) addFile(file, false);
  return { sources: sources.digest('hex'), all: all.digest('hex') };
}
