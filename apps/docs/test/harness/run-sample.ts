import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Sample } from '../../src/machine/samples/samples.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PRINTER = join(HERE, 'responses-as-json.mjs');
const PORTRAIT = join(HERE, 'host.jpg');

export interface Outcome {
  /** The printed JSON values. */
  printed: unknown[];
  stderr: string;
}

/**
 * Runs a sample as a reader does who saves it in a folder of their project that has the client installed, with a
 * picture next to it. Rejects where it ends with another status than 0.
 */
export async function runSample(
  { language, source }: Sample,
  { url, key }: { url: string; key: string },
): Promise<Outcome> {
  const directory = await mkdtemp(join(HERE, 'sample-'));
  try {
    await copyFile(PORTRAIT, join(directory, 'host.jpg'));
    const file = join(directory, language === 'sh' ? 'sample.sh' : 'sample.mjs');
    await writeFile(file, source);
    const [program, args]: [string, string[]] =
      language === 'sh' ? ['bash', ['-eu', file]] : [process.execPath, [...nodeOptions(source), file]];
    const { stdout, stderr } = await promisify(execFile)(program, args, {
      cwd: directory,
      env: {
        PATH: process.env['PATH'],
        // Where curl looks for settings: to print no progress, and to fail where the server refuses.
        CURL_HOME: join(HERE, 'curl-home'),
        GREENROOM_URL: url,
        GREENROOM_API_KEY: key,
      },
    });
    return { printed: stdout === '' ? [] : valuesOf(language, stdout), stderr };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The client is run from source; what does without it needs no compiler. */
function nodeOptions(source: string): string[] {
  const compiler = ['--import', 'tsx', '--conditions=@greenroom/source'];
  return [...(source.includes('@greenroom/') ? compiler : []), '--import', PRINTER];
}

function valuesOf(language: Sample['language'], stdout: string): unknown[] {
  const texts = language === 'sh' ? [stdout] : stdout.trimEnd().split('\n');
  return texts.map((text) => JSON.parse(text) as unknown);
}
