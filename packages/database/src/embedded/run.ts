import { spawn } from 'node:child_process';

/** How a PostgreSQL program is started: as which user, behind which other program. */
export interface Runner {
  /** Owner of the cluster's files; undefined: whoever runs us. */
  owner?: { uid: number; gid: number };
  /** A program and its arguments that the command is given to. */
  prefix: readonly string[];
}

export interface Outcome {
  code: number | null;
  output: string;
}

/**
 * Runs a PostgreSQL program to its end; resolves with whatever it printed, also when it fails.
 * `detached` keeps a Ctrl-C of our terminal away from it. `signal` terminates it; the outcome then comes once it has ended.
 */
export function run(
  runner: Runner,
  program: string,
  args: readonly string[],
  { detached = false, signal }: { detached?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<Outcome> {
  const [command = program, ...rest] = [...runner.prefix, program, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      // Ours may be a directory that the other user cannot enter.
      cwd: process.platform === 'win32' ? undefined : '/',
      env: environment(),
      detached,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(runner.prefix.length === 0 ? runner.owner : {}),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const terminate = (): void => {
      child.kill();
    };
    signal?.addEventListener('abort', terminate);
    if (signal?.aborted) terminate();
    child.on('error', reject);
    child.on('close', (code) => {
      signal?.removeEventListener('abort', terminate);
      resolve({ code, output: output.trim() });
    });
  });
}

// PGPORT, PGDATA and their like are meant for another server; messages are read in English.
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC' };
}
