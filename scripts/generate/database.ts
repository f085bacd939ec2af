/** Generates packages/database/src/generated/prisma from packages/database/prisma/schema.prisma. */
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { filesBelow, syncFolder } from './sync-folder.ts';
import { generatedFolder, repository } from './target.ts';

const database = join(repository, 'packages/database');
const prisma = createRequire(join(database, 'package.json')).resolve('prisma/build/index.js');

// Prisma empties its folder before it writes. Run it on a copy of the schema, so that programs that read the real folder
// in the meantime find all files.
const staging = await mkdtemp(join(tmpdir(), 'greenroom-prisma-'));
try {
  const schema = join(staging, 'prisma/schema.prisma');
  await cp(join(database, 'prisma/schema.prisma'), schema);
  execFileSync(process.execPath, [prisma, 'generate', '--no-hints', '--schema', schema], {
    cwd: database,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      // Generating needs no engine, but Prisma downloads one unless a file is named; any file does.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  });
  await mirror(join(staging, 'src/generated/prisma'), join(generatedFolder('database'), 'prisma'));
} finally {
  await rm(staging, { recursive: true });
}

/** Makes a directory equal to another one, and writes only files that differ. */
async function mirror(from: string, to: string): Promise<void> {
  const names = await filesBelow(from);
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(from, name), 'utf8')]),
  );
  await syncFolder(to, Object.fromEntries(files) as Record<string, string>);
}
