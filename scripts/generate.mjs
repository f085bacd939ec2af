/**
 * Brings every `generated/` folder up to date, and does nothing where it is: `node scripts/generate.mjs [--force]`.
 * The digest of what a folder was made from and of what is in it is checked in beside it, so that a fresh clone
 * generates nothing.
 *
 * Not a turbo task: turbo counts outputs that are checked in among the inputs, and so would generate and build
 * everything twice after each change of the document.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is made from what. A later step may read what an earlier one wrote. */
const steps = [
  { name: 'contract', from: ['openapi'] },
  { name: 'client', from: ['packages/contract/src/generated/openapi.public.json'] },
  { name: 'database', from: ['packages/database/prisma/schema.prisma'] },
];

/**
 * Generates what is out of date.
 *
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<string[]>} the packages that were generated
 * @throws when a generator fails; it has said why
 */
export async function generate({ force = false } = {}) {
  const generated = [];
  for (const { name, from } of steps) {
    const parts = [...from, 'scripts/generate', 'pnpm-workspace.yaml', `packages/${name}/src/generated`];
    const stamp = join(root, `packages/${name}/src/generated.sha256`);
    const known = await readFile(stamp, 'utf8').catch(() => undefined);
    if (!force && known?.trim() === (await digest(parts))) continue;
    await run(name);
    await writeFile(stamp, `${await digest(parts)}\n`);
    generated.push(name);
  }
  return generated;
}

async function run(name) {
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/generate/${name}.ts`], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`packages/${name} could not be generated.`);
}

async function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await filesAt(path)) hash.update(`${file}\0`).update(await readFile(join(root, file)));
  }
  return hash.digest('hex');
}

async function filesAt(path) {
  const found = await stat(join(root, path)).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  const names = (await readdir(join(root, path))).filter(
    (name) => name !== 'node_modules' && name[0] !== '.',
  );
  return (await Promise.all(names.sort().map((name) => filesAt(`${path}/${name}`)))).flat();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const generated = await generate({ force: process.argv.includes('--force') });
    if (generated.length > 0) console.log(`Generated: ${generated.join(', ')}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
