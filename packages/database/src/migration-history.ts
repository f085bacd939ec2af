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
  /** Names of our migrations that the database lacks, oldest first. */
  pending: string[];
  /** Names of migrations that a newer version than ours has applied. */
  newer: string[];
}

/**
 * Compares our migrations with those the database records.
 *
 * A database that is ahead of us, by migrations later than all of ours, is accepted: during a rolling update the old
 * version restarts beside the new one. Throws when the histories cannot be continued: a migration of ours was changed
 * after it was applied, one failed, or the database has one that is neither ours nor later.
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

  const ours = new Set(migrations.map(({ name }) => name));
  const pending = [...ours].filter((name) => !applied.has(name));
  const unknown = [...applied.keys()].filter((name) => !ours.has(name)).sort();
  const latest = migrations.at(-1)?.name ?? '';
  const isAhead = pending.length === 0 && unknown.every((name) => name > latest);
  if (!isAhead && unknown.length > 0) throw new Error(divergedMessage(unknown, pending));
  return { pending, newer: unknown };
}

function failedMessage({ migration_name, logs }: RecordedMigration): string {
  return (
    `The migration ${migration_name} was started on this database and did not finish${logs ? `:\n${logs}\n` : '. '}` +
    'A migration runs in one transaction, so nothing of it remains. Remove the cause, then mark it as rolled back: ' +
    `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${migration_name}';`
  );
}

function editedMessage(names: readonly string[]): string {
  return (
    `Migrations were changed after they had been applied to this database: ${names.join(', ')}. ` +
    'Restore them as they were and write the change as a new migration.'
  );
}

function divergedMessage(unknown: readonly string[], pending: readonly string[]): string {
  return (
    `This database has migrations that this version of Greenroom does not know: ${unknown.join(', ')}` +
    (pending.length > 0 ? `, and lacks some that it needs: ${pending.join(', ')}` : '') +
    '. It belongs to another branch or another program; use the version that it was made with, or another database.'
  );
}
