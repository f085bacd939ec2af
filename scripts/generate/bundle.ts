import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { OpenApiDocument } from '@greenroom/contract/document';

import { repository } from './target.ts';

const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

/** Bundles one of the two documents in openapi/redocly.yaml into one file. */
export async function bundle(api: 'full' | 'public'): Promise<OpenApiDocument> {
  const directory = await mkdtemp(join(tmpdir(), 'greenroom-bundle-'));
  try {
    const output = join(directory, 'openapi.json');
    await promisify(execFile)(process.execPath, [redocly, 'bundle', api, '--output', output], {
      cwd: join(repository, 'openapi'),
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    });
    return JSON.parse(await readFile(output, 'utf8')) as OpenApiDocument;
  } finally {
    await rm(directory, { recursive: true });
  }
}
