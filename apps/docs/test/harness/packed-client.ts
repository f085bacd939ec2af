import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const CLIENT = join(ROOT, 'packages/client');

const run = promisify(execFile);

/**
 * Creates a folder outside of the repository that contains only the client, installed from its tarball without a
 * network.
 */
export async function folderWithClient(): Promise<{ folder: string } & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'greenroom-readme-'));
  const [tarballs, folder] = [join(directory, 'tarballs'), join(directory, 'project')];
  await Promise.all([tarballs, folder].map((path) => mkdir(path)));
  await writeFile(join(folder, 'package.json'), '{}');
  const [program, options] = pnpm();
  const packing = ['--filter', '@greenroom/client', 'pack', '--pack-destination', tarballs];
  await run(program, [...options, ...packing], { cwd: ROOT });
  // The client's dependencies from this repository, which are the same as the registry's.
  const dependencies = await dependenciesOf(CLIENT);
  const packed = await Promise.all(
    dependencies.map(async (path) => {
      const { stdout } = await run('npm', [
        'pack',
        '--json',
        '--ignore-scripts',
        '--pack-destination',
        tarballs,
        path,
      ]);
      const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
      return join(tarballs, filename);
    }),
  );
  const client = join(tarballs, 'greenroom-client-0.1.0.tgz');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', client, ...packed], { cwd: folder });
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

/** Returns the pnpm that runs the tests, or else npx's. */
function pnpm(): [program: string, options: string[]] {
  const running = process.env['npm_execpath'] ?? '';
  return basename(running) === 'pnpm' ? [running, []] : ['npx', ['-y', 'pnpm@12']];
}

/** Returns the folders of a package's dependencies, direct and indirect. */
async function dependenciesOf(folder: string): Promise<string[]> {
  const manifest = createRequire(join(folder, 'package.json'))('./package.json') as {
    dependencies?: Record<string, string>;
  };
  const direct = await Promise.all(
    Object.keys(manifest.dependencies ?? {}).map((name) => realpath(join(siblings(folder), name))),
  );
  const further = await Promise.all(direct.map(dependenciesOf));
  return [...new Set([...direct, ...further.flat()])];
}

/** Returns where pnpm puts a package's dependencies: inside of it in the workspace, otherwise next to it. */
function siblings(folder: string): string {
  return folder === CLIENT ? join(folder, 'node_modules') : dirname(folder);
}
