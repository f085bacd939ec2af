import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { nodeArguments, until } from '@greenroom/testing';

import type { Sample } from '../../src/machine/samples/samples.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PRINTER = join(HERE, 'responses-as-json.mjs');
const PYTHON_PRINTER = join(HERE, 'responses-as-json.py');
/** Prints the folder of the published SDK for Python, whose packages include the one that the samples use. */
const PYTHON_PACKAGES = join(HERE, '../../../api/test/published-sdk/install.mjs');
const PORTRAIT = join(HERE, 'host.jpg');

export interface Outcome {
  /** The printed JSON values. */
  printed: unknown[];
  stderr: string;
}

/**
 * Runs a sample like a reader with a project that has the client installed and a picture next to the sample. Rejects
 * when the exit status is not 0.
 */
export async function runSample(sample: Sample, target: { url: string; key: string }): Promise<Outcome> {
  return inDirectory(sample, target, async ([program, args], options) => {
    const { stdout, stderr } = await promisify(execFile)(program, args, options);
    return { printed: stdout === '' ? [] : valuesOf(sample.language, stdout), stderr };
  });
}

/**
 * Runs a sample without an end, like `runSample`, until its output matches. Resolves with the output.
 *
 * @param produce causes the events that the sample prints
 */
export async function runEndlessSample(
  sample: Sample,
  target: { url: string; key: string },
  { printed, produce }: { printed: RegExp; produce: () => Promise<unknown> },
): Promise<string> {
  return inDirectory(sample, target, async ([program, args], options) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const exited = once(child, 'exit');
    try {
      await until(async () => {
        await produce();
        return printed.test(stdout) || child.exitCode !== null;
      }, 60_000);
      return stdout;
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
  });
}

type Command = [program: string, args: string[]];

async function inDirectory<T>(
  { language, source }: Sample,
  { url, key }: { url: string; key: string },
  run: (command: Command, options: { cwd: string; env: NodeJS.ProcessEnv }) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(HERE, 'sample-'));
  try {
    await copyFile(PORTRAIT, join(directory, 'host.jpg'));
    const file = join(directory, FILES[language]);
    await writeFile(file, source);
    return await run(commandOf(language, source, file), {
      cwd: directory,
      env: {
        PATH: process.env['PATH'],
        // The folder of curl's settings: no progress output, and failure on an error status.
        CURL_HOME: join(HERE, 'curl-home'),
        GREENROOM_URL: url,
        GREENROOM_API_KEY: key,
        ...(language === 'py' && { PYTHONPATH: pythonPackages(), PYTHONUNBUFFERED: '1' }),
      },
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

const FILES = { sh: 'sample.sh', js: 'sample.mjs', py: 'sample.py' };

function commandOf(language: Sample['language'], source: string, file: string): Command {
  switch (language) {
    case 'sh':
      return ['bash', ['-eu', file]];
    case 'py':
      return ['python3', [PYTHON_PRINTER, file]];
    case 'js':
      return [process.execPath, ['--import', PRINTER, ...programOf(source, file)]];
  }
}

let packages: string | undefined;

function pythonPackages(): string {
  return (packages ??= execFileSync(process.execPath, [PYTHON_PACKAGES], { encoding: 'utf8' }).trim());
}

/** Returns the arguments of Node. A sample without the client needs no compiler. */
function programOf(source: string, file: string): string[] {
  return source.includes('@greenroom/') ? nodeArguments(file) : [file];
}

function valuesOf(language: Sample['language'], stdout: string): unknown[] {
  const texts = language === 'sh' ? [stdout] : stdout.trimEnd().split('\n');
  return texts.map((text) => JSON.parse(text) as unknown);
}
