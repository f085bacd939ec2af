import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Builds the server, if it is not built as its sources are now.
 *
 * @throws when it does not build; the compiler has said why
 */
export async function buildServer(): Promise<void> {
  const turbo = fileURLToPath(new URL('../../turbo.mjs', import.meta.url));
  const build = spawn(
    process.execPath,
    [turbo, 'run', 'build', '--filter=@greenroom/api...', '--output-logs=errors-only'],
    { cwd: fileURLToPath(new URL('../../..', import.meta.url)), stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [status] = (await once(build, 'close')) as [number | null];
  if (status !== 0) throw new Error('The server does not build. `pnpm build` says why.');
}
