/**
 * Fails when a `generated/` folder differs from a fresh generation in a temporary directory. Changes no file, and does
 * not use git, so the result is the same for committed and uncommitted work.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { filesBelow } from './generate/sync-folder.ts';
import { repository } from './generate/target.ts';

/** The folders that each generator writes. In dependency order: the client's reads the output of the contract's. */
const GENERATORS = {
  contract: ['openapi/components/examples/errors', 'packages/contract/src/generated'],
  client: ['packages/client/src/generated'],
  database: ['packages/database/src/generated'],
};

const fresh = await mkdtemp(join(tmpdir(), 'greenroom-drift-'));
try {
  const differences: string[] = [];
  for (const [name, folders] of Object.entries(GENERATORS)) {
    const generator = join(repository, `scripts/generate/${name}.ts`);
    await promisify(execFile)(
      process.execPath,
      ['--conditions=@greenroom/source', '--import', 'tsx', generator, '--into', fresh],
      { cwd: repository },
    );
    for (const folder of folders) differences.push(...(await compare(folder)));
  }
  if (differences.length > 0) {
    console.error(`Generated code is out of date:\n${differences.join('\n')}\nRun \`pnpm generate\`.`);
    process.exitCode = 1;
  } else {
    console.log('Generated code is up to date.');
  }
} finally {
  await rm(fresh, { recursive: true });
}

async function compare(folder: string): Promise<string[]> {
  const expected = await filesBelow(join(fresh, folder));
  const actual = await filesBelow(join(repository, folder));
  const names = [...new Set([...expected, ...actual])].sort();
  const lines = names.map(async (name) => {
    if (!actual.includes(name)) return `  missing    ${folder}/${name}`;
    if (!expected.includes(name)) return `  unexpected ${folder}/${name}`;
    const [expectedText, actualText] = await Promise.all(
      [fresh, repository].map((root) => readFile(join(root, folder, name), 'utf8')),
    );
    return expectedText === actualText ? [] : `  differs    ${folder}/${name}`;
  });
  return (await Promise.all(lines)).flat();
}
