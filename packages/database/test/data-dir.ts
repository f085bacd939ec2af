import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres, type EmbeddedPostgres } from '../src/embedded/open.ts';

/** Creates a directory that only its owner can enter. For root, PostgreSQL's user is not the owner. */
export function makeDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'greenroom-embedded-'));
}

/** Stops a server that still uses the directory, and deletes the directory. */
export async function removeDataDir(dataDir: string): Promise<void> {
  if (postmasterPid(dataDir) !== undefined) await (await open(dataDir)).stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Opens a directory with the settings of tests. */
export function open(dataDir: string, port?: number): Promise<EmbeddedPostgres> {
  return openEmbeddedPostgres({ dataDir, settings: { fsync: 'off' }, ...(port !== undefined && { port }) });
}

/** Returns the process in the directory's pid file; undefined when there is none. */
export function postmasterPid(dataDir: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}
