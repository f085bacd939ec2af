import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '@greenroom/testing';

export interface PgBouncer {
  /** The URL of the same database through the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts PgBouncer in front of a database, on a free port of loopback. */
export async function startPgBouncer(
  databaseUrl: string,
  poolMode: 'session' | 'transaction',
): Promise<PgBouncer> {
  const database = new URL(databaseUrl);
  const name = database.pathname.slice(1);
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-pgbouncer-'));
  const file = join(dir, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
${name} = host=${database.hostname} port=${database.port} dbname=${name} user=${database.username} password=${decodeURIComponent(database.password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${poolMode}
`,
  );
  // PgBouncer does not run as root, and reads its settings as the user it becomes.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    await chmod(dir, 0o755);
    await chmod(file, 0o644);
  }
  const child = spawn('pgbouncer', [...(isRoot ? ['-u', 'nobody'] : []), file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    await rm(dir, { recursive: true, force: true });
  };
  while (!log.includes('process up')) {
    if (child.exitCode !== null) {
      await stop();
      throw new Error(`PgBouncer did not start:\n${log}`);
    }
    await Promise.race([once(child.stderr, 'data'), exited]);
  }
  const url = new URL(database);
  url.host = `127.0.0.1:${port}`;
  return { url: url.href, stop };
}
