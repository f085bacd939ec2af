import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that a build reads or writes is in these. */
const FOLDERS = ['openapi', 'packages', 'apps', 'scripts/generate'];
const FILES = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.base.json', 'turbo.json'];

/** What a build writes. */
const MADE = new Set(['dist', 'generated']);

/**
 * Digests of when each file was changed last, not of what is in it, so that they take a few milliseconds: of the
 * files that are written by hand, and of all with those that a build makes. Equal digests mean that nothing was
 * written, added or removed; by the time of a file's inode, which no program can set back.
 *
 * @param {string} root
 * @returns {{ sources: string, all: string }}
 */
export function buildState(root) {
  const sources = createHash('sha256');
  const all = createHash('sha256');

  const noteFile = (path, isMade) => {
    const { size, mtimeNs, ctimeNs } = statSync(join(root, path), { bigint: true });
    const line = `${path}\0${size}\0${mtimeNs}\0${ctimeNs}\n`;
    all.update(line);
    if (!isMade) sources.update(line);
  };
  const noteFolder = (path, isMade) => {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const { name } = entry;
      if (name === 'node_modules' || name.startsWith('.')) continue;
      if (entry.isDirectory()) noteFolder(`${path}/${name}`, isMade || MADE.has(name));
      else if (entry.isFile()) noteFile(`${path}/${name}`, isMade || name === 'generated.sha256');
    }
  };
  for (const folder of FOLDERS) noteFolder(folder, false);
  for (const file of FILES) noteFile(file, false);
  return { sources: sources.digest('hex'), all: all.digest('hex') };
}
