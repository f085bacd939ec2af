import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Collection } from '../../src/machine/postman/collection-format.ts';

const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js');

export interface Execution {
  item: { id: string; name: string };
  response?: { code: number };
  requestError?: { message: string };
}

/** Runs a collection with Postman's own runner. Takes files for requests from this folder. */
export async function runCollection(
  collection: Collection,
  variables: Record<string, string>,
): Promise<Execution[]> {
  const directory = await mkdtemp(join(tmpdir(), 'greenroom-collection-'));
  try {
    const [file, report] = [join(directory, 'collection.json'), join(directory, 'report.json')];
    await writeFile(file, JSON.stringify(collection));
    const values = Object.entries(variables).flatMap(([key, value]) => ['--env-var', `${key}=${value}`]);
    const reports = ['--reporters', 'json', '--reporter-json-export', report];
    await promisify(execFile)(
      process.execPath,
      ['--no-deprecation', newman, 'run', file, '--working-dir', import.meta.dirname, ...values, ...reports],
      { env: { PATH: process.env['PATH'] } },
    );
    const { run } = JSON.parse(await readFile(report, 'utf8')) as { run: { executions: Execution[] } };
    return run.executions;
  } finally {
    await rm(directory, { recursive: true });
  }
}
