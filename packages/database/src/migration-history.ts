import type { Migration } from './migrations.ts';

/** A row of Prisma's `_prisma_migrations`. */
export interface RecordedMigration {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
  logs: string | null;
}

export interface Comparison {
  /** Names of this package's migrations that the database lacks, oldest first. */
  pending: string[];
  /** Names of migrations that a newer version has applied. */
  newer: string[];
}

/**
 * Compares this package's migrations with those that the database records. Accepts a database with additional, later
 * migrations: during a rolling update the old version restarts next to the new one.
 *
 * @throws {Error} when a migration was changed after it was applied, when one failed, or when the database has an
 * unknown migration that is not later than all known ones
 */
export function compareHistory(
  migrations: readonly Migration[],
  recorded: readonly RecordedMigration[],
): Comparison {
  const current = recorded.filter((row) => row.rolled_back_at === null);
  const failed = current.find((row) => row.finished_at === null);
  if (failed) throw new Error(failedMessage(failed));

  const applied = new Map(current.map((row) => [row.migration_name, row.checksum]));
  const edited = migrations.filter(
    ({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum,
  );
  if (edited.length > 0) throw new Error(editedMessage(edited.map(({ name }) => name)));

  const known = new Set(migrations.map(({ name }) => name));
  const pending = [...known].filter((name) => !applied.has(name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name)).sort();
  const latest = migrations.at(-1)?.name ?? '';
  const isAhead = pending.length === 0 && unknown.every((name) => name > latest);
  if (!isAhead && unknown.length > 0) throw new Error(divergedMessage(unknown, pending));
  return { pending, newer: unknown };
}

function failedMessage({ migration_name, logs }: RecordedMigration): string {
  return (
    `The migration ${migration_name} was started on this database and did not finish${logs ? `:\n${logs}\n` : '. '}` +
    'A migration runs in one transaction, so it changed nothing. Fix the cause, then mark it as rolled back: ' +
    `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${migration_name}';`
  );
}

function editedMessage(names: readonly string[]): string {
  return (
    `Migrations were changed after they had been applied to this database: ${names.join(', ')}. ` +
    'Restore them and make the change in a new migration.'
  );
}

/** Says that a newer version has migrated the database, and what to do. */
export function newerMessage(newer: readonly string[]): string {
  return (
    `The database is newer than this version of Greenroom: it has ${newer.join(', ')}. This version may run only until ` +
    'the upgrade has reached all servers. Install the newer version, or restore a backup from before the upgrade.'
  );
}

function divergedMessage(unknown: readonly string[], pending: readonly string[]): string {
  return (
    `This database has migrations that this version of Greenroom does not know: ${unknown.join(', ')}` +
    (pending.length > 0 ? `, and lacks some that it needs: ${pending.join(', ')}` : '') +
    '. It belongs to another branch or program. Use the version that created it, or another database.'
  );
}
