import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('open-embedded.ts', import.meta.url));

/** Another process that has a data directory open. */
export interface Opener {
  url: string;
  /** kill -9 */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a process that opens `dataDir`; resolves when it has. */
export async function openInAnotherProcess(dataDir: string): Promise<Opener> {
  const child = startOpener(dataDir);
  const [url] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return {
    url: url.toString().trim(),
    kill: () => killProcess(child),
    async stop() {
      const exited = once(child, 'exit');
      child.stdin?.write('stop\n');
      await exited;
    },
  };
}

/** Starts a process that will open `dataDir`. */
export function startOpener(dataDir: string): ChildProcess {
  const args = ['--import', 'tsx', program, dataDir];
  return spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

/** kill -9; resolves when the process is gone. */
export async function killProcess(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
