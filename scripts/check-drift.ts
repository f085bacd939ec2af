/**
 * Fails when a `generated/` folder is not what its sources make: generates everything beside the checkout and compares.
 * Changes nothing, and knows nothing of git, so it says the same of a commit and of work under way.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { filesBelow } from './generate/files.ts';
import { repository } from './generate/target.ts';

/** What each writes. In the order of their needs: the client is made from what the contract's generator wrote. */
const GENERATORS = {
  contract: ['openapi/components/examples/errors', 'packages/contract/src/generated'],
  client: ['packages/client/src/generated'],
  database: ['packages/database/src/generated'],
};

const fresh = await mkdtemp(join(tmpdir(), 'greenroom-drift-'));
try {
  const faults: string[] = [];
  for (const [name, folders] of Object.entries(GENERATORS)) {
    const generator = join(repository, `scripts/generate/${name}.ts`);
    await promisify(execFile)(process.execPath, ['--import', 'tsx', generator, '--into', fresh], {
      cwd: repository,
    });
    for (const folder of folders) faults.push(...(await differences(folder)));
  }
  if (faults.length > 0) {
    console.error(
      `Generated code is not what its sources make:\n${faults.join('\n')}\nRun \`pnpm generate\`.`,
    );
    process.exitCode = 1;
  } else {
    console.log('Generated code is what its sources make.');
  }
} finally {
  await rm(fresh, { recursive: true });
}

async function differences(folder: string): Promise<string[]> {
  const expected = await filesBelow(join(fresh, folder));
  const present = await filesBelow(join(repository, folder));
  const names = [...new Set([...expected, ...present])].sort();
  const verdicts = names.map(async (name) => {
    if (!present.includes(name)) return `  missing    ${folder}/${name}`;
    if (!expected.includes(name)) return `  not made   ${folder}/${name}`;
    const [made, found] = await Promise.all(
      [fresh, repository].map((root) => readFile(join(root, folder, name), 'utf8')),
    );
    return made === found ? [] : `  differs    ${folder}/${name}`;
  });
  return (await Promise.all(verdicts)).flat();
}
