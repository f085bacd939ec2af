import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Migration } from '../src/migrations.ts';

const program = fileURLToPath(new URL('migrate-database.ts', import.meta.url));

/** Starts a process that applies migrations to the database at `url`. */
export function migrateInAnotherProcess(url: string, migrations: readonly Migration[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', program, url, JSON.stringify(migrations)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}
