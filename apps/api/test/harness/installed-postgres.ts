import { execFile, execFileSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { query } from '@greenroom/database/testing';
import { freePort } from '@greenroom/testing';

const BINARIES = fileURLToPath(new URL('./postgres-binaries.mjs', import.meta.url));

/** A server of the PostgreSQL installed on this machine, with its programs. */
export interface InstalledPostgres {
  /** The folder of its programs. */
  bin: string;
  /** Creates an empty database. Resolves with its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the installed PostgreSQL with a new cluster. */
export async function startInstalledPostgres(): Promise<InstalledPostgres> {
  const bin = execFileSync(process.execPath, [BINARIES], { encoding: 'utf8' }).trim();
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-installed-postgres-'));
  const data = join(dir, 'data');
  const owner = ownerOf();
  if (owner !== null) await chown(dir, owner.uid, owner.gid);
  const run = promisify(execFile);
  const options = { cwd: dir, ...owner };
  await run(
    join(bin, 'initdb'),
    [data, '--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync'],
    options,
  );
  const port = await freePort();
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  await run(
    join(bin, 'pg_ctl'),
    ['start', '-w', '-D', data, '-l', join(dir, 'log'), '-o', settings],
    options,
  );
  const urlOf = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  return {
    bin,
    async createDatabase(name) {
      await query(urlOf('postgres'), `CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    async stop() {
      await run(join(bin, 'pg_ctl'), ['stop', '-w', '-D', data, '-m', 'immediate'], options);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Returns the user that runs PostgreSQL, which refuses to run as root; null for the current user. */
function ownerOf(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
