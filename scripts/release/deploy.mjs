import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { pnpm } from './pnpm.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE = '@greenroom/release';

/** Files that pnpm writes for its next run, with times and paths of this machine. */
const PNPM_FILES = [
  ...['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'node_modules/.bin', 'node_modules/.modules.yaml'],
  ...['node_modules/.pnpm', 'node_modules/.pnpm-workspace-state-v1.json'],
];
/** Folders of `node_modules` that no program loads. */
const UNUSED_FOLDERS = /^(?:\.bin|@types)$/;
/** Types, source maps, and Prisma's compilers for other databases, which are half of the dependencies. */
const UNUSED_FILES =
  /(?:\.d\.[cm]?ts|\.map|query_compiler_\w+\.(?:cockroachdb|mysql|sqlite|sqlserver)\.[\w.-]+)$/;

/**
 * Makes a folder with everything that the programs need at run time: `apps/release`, the packages of the workspace with
 * their production dependencies, the documentation and the console. Applications must be built already.
 *
 * @param {string} folder does not exist
 * @throws {Error} when pnpm fails, after it has printed why
 */
export async function deploy(folder) {
  await pnpm([
    ...[`--filter=${PACKAGE}`, 'deploy', '--prod', '--prefer-offline'],
    // Without links, and without names that contain paths of this machine.
    '--config.node-linker=hoisted',
    // With hard links, a change of the folder, such as of its owner, would change the store.
    '--config.package-import-method=copy',
    folder,
  ]);
  await removeStale(join(folder, 'node_modules/@greenroom'));
  for (const path of PNPM_FILES) await rm(join(folder, path), { recursive: true, force: true });
  await cp(join(root, 'apps/docs/dist/site'), join(folder, 'docs'), { recursive: true });
  await cp(join(root, 'apps/console/dist/site'), join(folder, 'console'), { recursive: true });
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`);
  await clean(folder);
}

/** @returns {Promise<string>} the version of the release */
export async function releaseVersion() {
  return (await readManifest()).version;
}

/** The manifest without the dependencies, which are included. */
async function manifest() {
  const { version, description, license, type } = await readManifest();
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return { name: 'greenroom', version, private: true, description, license, type, engines, bin: 'greenroom' };
}

async function readManifest() {
  return JSON.parse(await readFile(join(root, 'apps/release/package.json'), 'utf8'));
}

/** Removes stale build output: the compiler keeps the output of deleted source files. */
async function removeStale(packages) {
  for (const name of await readdir(packages)) {
    const [source] = ['apps', 'packages'].map((kind) => join(root, kind, name, 'src')).filter(existsSync);
    const dist = join(packages, name, 'dist');
    for (const file of await readdir(dist, { recursive: true })) {
      const isStale = file.endsWith('.js') && !existsSync(join(source, file.replace(/js$/, 'ts')));
      if (isStale) await rm(join(dist, file));
    }
  }
}

/** Removes the files that no program loads. */
async function clean(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const isUnused = basename(folder) === 'node_modules' && UNUSED_FOLDERS.test(entry.name);
      await (isUnused ? rm(path, { recursive: true }) : clean(path));
    } else if (UNUSED_FILES.test(entry.name)) {
      await rm(path);
    }
  }
}
