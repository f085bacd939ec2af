/**
 * Updates every `generated/` folder that is out of date: `node scripts/generate.mjs [--force]`. With `--check` it
 * changes nothing and fails when a folder is out of date. A digest of the sources and the content of each folder is
 * checked in next to it, so that a fresh clone generates nothing.
 *
 * Not a turbo task: turbo counts outputs that are checked in among the inputs, and would generate and build everything
 * twice after each change of the document.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The generators with their sources. A later one may read the output of an earlier one. */
const steps = [
  { name: 'contract', from: ['openapi'] },
  { name: 'client', from: ['packages/contract/src/generated/openapi.public.json'] },
  { name: 'database', from: ['packages/database/prisma/schema.prisma'] },
];

/**
 * Generates the folders that are out of date.
 *
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<string[]>} the packages that were generated
 * @throws when a generator fails, after it has printed its error
 */
export async function generate({ force = false } = {}) {
  const generated = [];
  for (const step of steps) {
    if (!force && (await isCurrent(step))) continue;
    await run(step.name);
    await writeFile(stampOf(step), `${await digest(partsOf(step))}\n`);
    generated.push(step.name);
  }
  return generated;
}

/** Returns the packages whose digest does not match their files: a fresh clone would generate them at its first start. */
async function outdated() {
  const verdicts = await Promise.all(steps.map(async (step) => ((await isCurrent(step)) ? [] : [step.name])));
  return verdicts.flat();
}

async function isCurrent(step) {
  const known = await readFile(stampOf(step), 'utf8').catch(() => undefined);
  return known?.trim() === (await digest(partsOf(step)));
}

function partsOf({ name, from }) {
  return [
    ...from,
    'packages/contract/src/document.ts',
    'scripts/generate',
    'pnpm-workspace.yaml',
    `packages/${name}/src/generated`,
  ];
}

function stampOf({ name }) {
  return join(root, `packages/${name}/src/generated.sha256`);
}

async function run(name) {
  const child = spawn(
    process.execPath,
    ['--conditions=@greenroom/source', '--import', 'tsx', `scripts/generate/${name}.ts`],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
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
    if (process.argv.includes('--check')) {
      const names = await outdated();
      if (names.length > 0) throw new Error(`Not up to date: ${names.join(', ')}. Run \`pnpm generate\`.`);
      process.exit();
    }
    const generated = await generate({ force: process.argv.includes('--force') });
    if (generated.length > 0) console.log(`Generated: ${generated.join(', ')}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
