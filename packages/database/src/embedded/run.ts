import { spawn } from 'node:child_process';

/** The user and the command prefix that PostgreSQL's programs run with. */
export interface Runner {
  /** Owner of the cluster's files. Default: the user of this process. */
  owner?: { uid: number; gid: number };
  /** A program and its arguments that run the command, such as `setpriv`; empty to run it directly. */
  prefix: readonly string[];
}

export interface RunResult {
  code: number | null;
  output: string;
}

/**
 * Runs a PostgreSQL program until it exits. Resolves with its exit code and output, even when the program fails.
 * `detached` protects it from Ctrl-C in this process's terminal. `signal` terminates it.
 */
export function run(
  runner: Runner,
  program: string,
  args: readonly string[],
  { detached = false, signal }: { detached?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<RunResult> {
  const [command = program, ...rest] = [...runner.prefix, program, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      // The other user may have no access to this process's working directory.
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

// Variables such as PGPORT and PGDATA are meant for another server. Messages must be in English to be parsed.
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC' };
}
