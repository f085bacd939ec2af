/**
 * Makes a release for this platform: a folder that runs with Node alone, a tarball of it, and a tarball of the client for
 * customers. `node scripts/release.mjs [FOLDER]` writes them to a folder, `dist` by default, and prints their sizes.
 */
import { mkdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { buildApps } from './build-apps.mjs';
import { deploy, releaseVersion } from './release/deploy.mjs';
import { pnpm } from './release/pnpm.mjs';
import { writeTarball } from './release/tarball.mjs';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

const out = resolve(process.argv[2] ?? 'dist');
const version = await releaseVersion();
const folder = join(out, `greenroom-${version}-${process.platform}-${process.arch}`);
const tarball = `${folder}.tar.gz`;
const client = join(out, `greenroom-client-${version}.tgz`);

await buildApps('api', 'worker', 'docs', 'console');
await mkdir(out, { recursive: true });
await rm(folder, { recursive: true, force: true });
await deploy(folder);
const { files, bytes } = await writeTarball(folder, tarball);
await pnpm(['--filter=@greenroom/client', 'pack', '--pack-destination', out]);

console.log(`${folder}  ${readable(bytes)}, ${files} files`);
for (const file of [tarball, client]) console.log(`${file}  ${readable((await stat(file)).size)}`);

function readable(size) {
  return size < MEBIBYTE ? `${(size / KIBIBYTE).toFixed(1)} KiB` : `${(size / MEBIBYTE).toFixed(1)} MiB`;
}
