import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A migration in Prisma's layout: `<timestamp>_<name>/migration.sql`. */
export interface Migration {
  name: string;
  sql: string;
  /** Hexadecimal SHA-256 of the file, as Prisma records it. */
  checksum: string;
}

/** The directory of this package's migrations. The path is the same from `src` and `dist`. */
export const migrationsDir = fileURLToPath(new URL('../migrations/', import.meta.url));

/** Returns the migrations of a directory, oldest first. */
export function readMigrations(dir = migrationsDir): Migration[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => asMigration(name, readFileSync(join(dir, name, 'migration.sql'), 'utf8')))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function asMigration(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}
