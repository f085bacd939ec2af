import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Builds the server and the worker, where they are not built as their sources are now.
 *
 * @throws when it does not build; the compiler has said why
 */
export async function buildApps(): Promise<void> {
  const turbo = fileURLToPath(new URL('../turbo.mjs', import.meta.url));
  const build = spawn(
    process.execPath,
    [
      turbo,
      'run',
      'build',
      '--filter=@greenroom/api...',
      '--filter=@greenroom/worker...',
      '--output-logs=errors-only',
    ],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [status] = (await once(build, 'close')) as [number | null];
  if (status !== 0) throw new Error('The server or the worker does not build. `pnpm build` says why.');
}
