import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { POSTGRES_MAJOR, type Binaries } from './binaries.ts';
import { isAlive } from './process.ts';
import { run, type Runner } from './run.ts';

export const SUPERUSER = 'greenroom';

/** Returns the path of the cluster in a data directory. */
export function clusterPath(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Returns whether a data directory has a cluster. */
export function hasCluster(dataDir: string): boolean {
  return existsSync(join(clusterPath(dataDir), 'PG_VERSION'));
}

/**
 * Creates the cluster unless it exists. The cluster is initialised in a staging directory and then moved into place, so
 * neither an interrupted nor a concurrent first start leaves half a cluster. There is no lock that could become stale.
 *
 * @throws {Error} when the cluster belongs to another major version, or PostgreSQL cannot use or create it
 */
export async function ensureCluster(
  dataDir: string,
  runner: Runner,
  binaries: Binaries,
  {
    settings = {},
    signal,
  }: { settings?: Readonly<Record<string, string>>; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  for (const abandoned of abandonedStagingDirs(dataDir)) tryRemove(abandoned);
  const cluster = clusterPath(dataDir);
  if (hasCluster(dataDir)) {
    assertMajor(cluster);
    restrictAccess(cluster);
    return;
  }
  const stagingDir = mkdtempSync(join(dataDir, `postgres.init-${process.pid}-`));
  try {
    const flags = settings['fsync'] === 'off' ? ['--no-sync'] : [];
    const initialised = await initialise(stagingDir, runner, binaries, flags, signal);
    moveIntoPlace(initialised, cluster);
  } finally {
    tryRemove(stagingDir);
  }
}

/** PostgreSQL cannot run a cluster of another major version. */
function assertMajor(cluster: string): void {
  const major = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (major === POSTGRES_MAJOR) return;
  throw new Error(
    `The cluster in ${cluster} was created by PostgreSQL ${major}; this release has ${POSTGRES_MAJOR}. ` +
      'Nothing was changed. Dump it with the previous release (pg_dump) and restore it into a new data directory, ' +
      'or set DATABASE_URL.',
  );
}

/** Makes the cluster private, as PostgreSQL requires. Mounting a volume may have given its group access. */
function restrictAccess(cluster: string): void {
  if (process.platform === 'win32' || (statSync(cluster).mode & 0o7777) === 0o700) return;
  try {
    chmodSync(cluster, 0o700);
  } catch (error) {
    throw new Error(
      `PostgreSQL does not start because other users can access ${cluster}, and this user cannot change its ` +
        `permissions. Run "chmod 700 ${cluster}" as its owner, or use a data directory on another volume.`,
      { cause: error },
    );
  }
}

/**
 * Returns the superuser's password. It is stored in the cluster, so that both are moved and deleted together.
 *
 * @throws {Error} when the file of the password cannot be read
 */
export function readPassword(cluster: string): string {
  try {
    return readFileSync(passwordFile(cluster), 'utf8').trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The password of the embedded PostgreSQL cannot be read (${reason}). If ${cluster} belongs to another user, ` +
        'start as that user. If the file is lost, restore it, or delete that directory to start without data.',
      { cause: error },
    );
  }
}

async function initialise(
  stagingDir: string,
  runner: Runner,
  binaries: Binaries,
  flags: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const cluster = join(stagingDir, 'cluster');
  const password = join(stagingDir, 'password');
  writeFileSync(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  chownAll(runner, stagingDir, password);
  const args = [
    `--pgdata=${cluster}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    ...flags,
  ];
  const { code, output } = await run(runner, binaries.initdb, args, { detached: true, signal });
  signal?.throwIfAborted();
  if (code !== 0) {
    throw new Error(`The embedded PostgreSQL could not be initialised in ${stagingDir}:\n${output}`);
  }
  renameSync(password, passwordFile(cluster));
  return cluster;
}

function moveIntoPlace(initialised: string, cluster: string): void {
  try {
    // Replaces an empty directory, such as a mount point, but never a cluster.
    renameSync(initialised, cluster);
  } catch (error) {
    if (!existsSync(join(cluster, 'PG_VERSION'))) throw error;
  }
}

function abandonedStagingDirs(dataDir: string): string[] {
  return readdirSync(dataDir)
    .filter((name) => {
      const pid = /^postgres\.init-(\d+)-/.exec(name)?.[1];
      return pid !== undefined && !isAlive(Number(pid));
    })
    .map((name) => join(dataDir, name));
}

// A path that another program still uses is left for the next start.
function tryRemove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    return;
  }
}

/** Creates the data directory, accessible only to its owner. */
export function ensureDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}

/** Changes the owner of files to the user that PostgreSQL runs as. */
function chownAll({ owner }: Runner, ...paths: string[]): void {
  if (owner) for (const path of paths) chownSync(path, owner.uid, owner.gid);
}

function passwordFile(cluster: string): string {
  return join(cluster, 'greenroom-password');
}
