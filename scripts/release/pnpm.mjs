import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs pnpm in the root of the repository.
 *
 * @param {string[]} args
 * @throws {Error} with its output when it fails
 */
export async function pnpm(args) {
  const child = spawn('pnpm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`pnpm ${args.join(' ')} failed:\n${Buffer.concat(output)}`);
}
