import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, isAlive } from './process.ts';

/** What a running (or killed) PostgreSQL server noted about itself in `postmaster.pid`. */
export interface PidFile {
  path: string;
  content: string;
  pid: number;
  /** Undefined while the server is still starting. */
  port: number | undefined;
}

/** Reads the cluster's pid file; undefined when there is none. */
export function readPidFile(cluster: string): PidFile | undefined {
  const path = join(cluster, 'postmaster.pid');
  const content = readIfThere(path);
  if (content === undefined) return undefined;
  const lines = content.split('\n');
  return {
    path,
    content,
    pid: Number.parseInt(lines[0] ?? '', 10),
    port: Number.parseInt(lines[3] ?? '', 10) || undefined,
  };
}

/** Whether the process named by the pid file is a server of this cluster, and not one that took over its id. */
export function isServing(file: PidFile, cluster: string): boolean {
  if (!isAlive(file.pid)) return false;
  const command = commandLine(file.pid);
  return command === undefined || (command.includes('postgres') && command.includes(`-D ${cluster} `));
}

/**
 * Removes a pid file left by a killed server: PostgreSQL does so itself unless a process has that id again.
 * Should another opener have put a new one there meanwhile, it stays.
 */
export function removeStale(file: PidFile): void {
  const aside = `${file.path}.stale-${process.pid}`;
  try {
    renameSync(file.path, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) === file.content) rmSync(aside, { force: true });
  else renameSync(aside, file.path);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
