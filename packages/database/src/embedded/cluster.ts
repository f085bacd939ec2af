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

/** Where the cluster of a data directory is. */
export function clusterPath(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/**
 * Makes the cluster unless it is there. It is made beside its place and moved there whole: neither an interrupted
 * nor a simultaneous first start can leave half a cluster, so no lock is needed that could itself be left behind.
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
  for (const leftover of abandonedWorkshops(dataDir)) remove(leftover);
  const cluster = clusterPath(dataDir);
  if (existsSync(join(cluster, 'PG_VERSION'))) {
    requireMajor(cluster);
    restrictAccess(cluster);
    return;
  }
  const workshop = mkdtempSync(join(dataDir, `postgres.init-${process.pid}-`));
  try {
    const flags = settings['fsync'] === 'off' ? ['--no-sync'] : [];
    const made = await initialise(workshop, runner, binaries, flags, signal);
    moveIntoPlace(made, cluster);
  } finally {
    remove(workshop);
  }
}

/** A cluster belongs to one major version of PostgreSQL. */
function requireMajor(cluster: string): void {
  const major = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (major === POSTGRES_MAJOR) return;
  throw new Error(
    `The cluster in ${cluster} was made by PostgreSQL ${major}; this release has ${POSTGRES_MAJOR}. Nothing was changed. ` +
      'Dump it with the release that made it (pg_dump) and restore it into a new data directory, or set DATABASE_URL.',
  );
}

/** PostgreSQL does not start where others can write; a volume's mount may have allowed its group to. */
function restrictAccess(cluster: string): void {
  if (process.platform === 'win32' || (statSync(cluster).mode & 0o7777) === 0o700) return;
  try {
    chmodSync(cluster, 0o700);
  } catch (error) {
    throw new Error(
      `Others than the owner can open ${cluster}, and PostgreSQL does not start there. Its permissions cannot be ` +
        `changed by this user: run "chmod 700 ${cluster}" as its owner, or use a data directory on another volume.`,
      { cause: error },
    );
  }
}

/** The superuser's password; lives inside the cluster so that the two are made, moved and deleted as one. */
export function readPassword(cluster: string): string {
  try {
    return readFileSync(passwordFile(cluster), 'utf8').trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The password of the embedded PostgreSQL cannot be read (${reason}). If ${cluster} belongs to another user, ` +
        'start as that user; if the file was lost, restore it, or delete that directory to begin with an empty database.',
      { cause: error },
    );
  }
}

async function initialise(
  workshop: string,
  runner: Runner,
  binaries: Binaries,
  flags: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const cluster = join(workshop, 'cluster');
  const password = join(workshop, 'password');
  writeFileSync(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  give(runner, workshop, password);
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
  if (code !== 0)
    throw new Error(`The embedded PostgreSQL could not be initialised in ${workshop}:\n${output}`);
  renameSync(password, passwordFile(cluster));
  return cluster;
}

function moveIntoPlace(made: string, cluster: string): void {
  try {
    // An empty directory may stand there (a mounted volume's, a person's); a cluster is never replaced.
    renameSync(made, cluster);
  } catch (error) {
    if (!existsSync(join(cluster, 'PG_VERSION'))) throw error;
  }
}

function abandonedWorkshops(dataDir: string): string[] {
  return readdirSync(dataDir)
    .filter((name) => {
      const pid = /^postgres\.init-(\d+)-/.exec(name)?.[1];
      return pid !== undefined && !isAlive(Number(pid));
    })
    .map((name) => join(dataDir, name));
}

// What another program still holds is left for the next start.
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    return;
  }
}

/** Makes the data directory, private to us. */
export function ensureDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}

/** Gives files to the user that PostgreSQL runs as. */
function give({ owner }: Runner, ...paths: string[]): void {
  if (owner) for (const path of paths) chownSync(path, owner.uid, owner.gid);
}

function passwordFile(cluster: string): string {
  return join(cluster, 'greenroom-password');
}
