import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { openEmbeddedPostgres } from '../src/embedded/open.ts';
import { migrate } from '../src/migrate.ts';
import { migrationsDir } from '../src/migrations.ts';
import { missingFromDatabase } from '../src/schema-drift.ts';

const USAGE = `Writes the migration that brings the database from the last one to prisma/schema.prisma.

  pnpm --filter @greenroom/database run migration:new <name>

<name> says what changes, in lowercase letters, digits and underscores: add_session_region.
Read what was written: an id column needs COLLATE "C", and what Prisma cannot say (checks) is added by hand.`;

const name = process.argv[2] ?? '';

if (name === '--help' || name === '-h') {
  console.log(USAGE);
} else if (!/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error(USAGE);
  process.exitCode = 1;
} else {
  const sql = await nextMigration();
  if (sql === '') console.log('Migrations and schema describe the same database; nothing to write.');
  else console.log(`Wrote ${relative(process.cwd(), writeMigration(sql))}`);
}

async function nextMigration(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'greenroom-migration-'));
  const server = await openEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  try {
    await migrate(server.url);
    return await missingFromDatabase(server.url);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function writeMigration(sql: string): string {
  const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const dir = join(migrationsDir, `${timestamp}_${name}`);
  mkdirSync(dir);
  const path = join(dir, 'migration.sql');
  writeFileSync(path, `${sql.trim()}\n`);
  return path;
}
