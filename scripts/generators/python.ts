import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { pinnedVersion, readings, type Generator, type GeneratorInput, type Reading } from './generator.ts';
import { runProgram } from './run-program.ts';

const SOURCES = join(import.meta.dirname, 'python');
const REQUIREMENTS = join(SOURCES, 'requirements.txt');

function named(name: string): string {
  return `${name} ${pinnedVersion(REQUIREMENTS, new RegExp(`^${name}==(\\S+)`, 'm'))}`;
}

/** Its Python package contains the jar. */
export const openapiGenerator: Generator = {
  name: named('openapi-generator-cli'),
  needs: ['python3', 'java'],
  async run(input) {
    const bin = await environment(input);
    const documentFile = join(input.folder, 'openapi.json');
    await writeFile(documentFile, await withoutWebhooks(input.documentFile));
    const parameters = [
      'generate',
      '-g',
      'python',
      '-i',
      documentFile,
      '-o',
      '.',
      '--package-name',
      'greenroom',
    ];
    await runProgram(join(bin, 'openapi-generator-cli'), parameters, { cwd: input.folder });
    return read(input, bin, 'reread_openapi_generator.py');
  },
};

/** Returns the document without webhooks, for which the generator writes invalid Python. */
async function withoutWebhooks(documentFile: string): Promise<string> {
  const document = JSON.parse(await readFile(documentFile, 'utf8')) as { webhooks?: object };
  return JSON.stringify({ ...document, webhooks: undefined });
}

export const openapiPythonClient: Generator = {
  name: named('openapi-python-client'),
  needs: ['python3'],
  async run(input) {
    const bin = await environment(input);
    const output = join(input.folder, 'greenroom_client');
    const parameters = ['generate', '--meta', 'none', '--path', input.documentFile, '--output-path', output];
    parameters.push('--config', join(SOURCES, 'openapi-python-client.yaml'));
    // Otherwise the generator leaves out constructs that it cannot read, with only a warning.
    parameters.push('--fail-on-warning');
    // The generator looks for its formatter on the PATH.
    const env = { PATH: [bin, process.env['PATH'] ?? ''].join(delimiter) };
    await runProgram(join(bin, 'openapi-python-client'), parameters, { cwd: input.folder, env });
    return read(input, bin, 'reread_openapi_python_client.py');
  },
};

async function read({ folder, casesFile }: GeneratorInput, bin: string, program: string): Promise<Reading[]> {
  const env = { PYTHONPATH: [folder, SOURCES].join(delimiter), PYTHONDONTWRITEBYTECODE: '1' };
  return readings(
    await runProgram(join(bin, 'python'), [join(SOURCES, program), casesFile], { cwd: folder, env }),
  );
}

let installed: Promise<string> | undefined;

/** Installs python/requirements.txt once, in a persistent environment. Returns the folder of its programs. */
function environment(input: GeneratorInput): Promise<string> {
  return (installed ??= install(input));
}

async function install({ cache }: GeneratorInput): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cache, `python-${digest}`);
  const bin = join(folder, 'bin');
  // Written last, so that an interrupted installation counts as missing.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return bin;
  await rm(folder, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await runProgram('python3', ['-m', 'venv', folder], { cwd: cache });
  await runProgram(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS], {
    cwd: cache,
  });
  await writeFile(complete, '');
  return bin;
}
