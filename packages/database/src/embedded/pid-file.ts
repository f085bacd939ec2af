import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { commandLine, isAlive } from './process.ts';

/** The `postmaster.pid` of a server that runs or was killed. */
export interface PidFile {
  path: string;
  content: string;
  pid: number;
  /** Undefined while the server is still starting. */
  port: number | undefined;
}

/** Returns the cluster's pid file, or undefined when there is none. */
export function readPidFile(cluster: string): PidFile | undefined {
  const path = join(cluster, 'postmaster.pid');
  const content = readIfExists(path);
  if (content === undefined) return undefined;
  const lines = content.split('\n');
  return {
    path,
    content,
    pid: Number.parseInt(lines[0] ?? '', 10),
    port: Number.parseInt(lines[3] ?? '', 10) || undefined,
  };
}

/** Returns whether the pid file's process is a server of this cluster, and not a later process with the same id. */
export function isServing(file: PidFile, cluster: string): boolean {
  if (!isAlive(file.pid)) return false;
  const command = commandLine(file.pid);
  return command === undefined || (command.includes('postgres') && command.includes(`-D ${cluster} `));
}

/**
 * Removes the pid file of a killed server. PostgreSQL does so itself unless another process has the same id by now.
 * Keeps a pid file that a new server has written in the meantime.
 */
export function removeStale(file: PidFile): void {
  const aside = `${file.path}.stale-${process.pid}`;
  try {
    renameSync(file.path, aside);
  } catch {
    return;
  }
  if (readIfExists(aside) === file.content) rmSync(aside, { force: true });
  else renameSync(aside, file.path);
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
