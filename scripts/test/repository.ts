import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** Returns the text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Returns the content of a JSON file of the repository. */
export function readJson(path: string): unknown {
  return JSON.parse(read(path));
}

/** Returns the paths of all files below some folders, or of the repository. Excludes ignored files. */
export function files(...folders: string[]): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...folders],
    { cwd: root, encoding: 'utf8' },
  );
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}

export interface Manifest {
  name: string;
  version?: string;
  exports?: Record<string, string | Record<string, string>>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Returns the package.json files of the repository by their folder. The folder of the root is `.`. */
export function manifests(): Map<string, Manifest> {
  return new Map(
    files('package.json', '*/package.json').map((path) => [
      path.replace(/\/?package\.json$/, '') || '.',
      readJson(path) as Manifest,
    ]),
  );
}
