import { expect, test } from '@jest/globals';

import { compareHistory, type RecordedMigration } from './migration-history.ts';
import { asMigration } from './migrations.ts';

const one = asMigration('20260101000000_one', 'SELECT 1');
const two = asMigration('20260102000000_two', 'SELECT 2');
const three = asMigration('20260103000000_three', 'SELECT 3');

function record({ name, checksum }: typeof one, changes: Partial<RecordedMigration> = {}): RecordedMigration {
  return {
    migration_name: name,
    checksum,
    finished_at: new Date(),
    rolled_back_at: null,
    logs: null,
    ...changes,
  };
}

test('a migration that the database lacks is pending', () => {
  expect(compareHistory([one, two], [record(one)])).toEqual({ pending: [two.name], newer: [] });
});

test('a database migrated by a newer version is accepted', () => {
  expect(compareHistory([one], [record(one), record(two)])).toEqual({ pending: [], newer: [two.name] });
});

test('a database with an unknown migration before the latest known one is rejected', () => {
  expect(() => compareHistory([one, three], [record(one), record(two), record(three)])).toThrow(two.name);
});

test('a database migrated by a newer version that lacks a known migration is rejected', () => {
  expect(() => compareHistory([one, two], [record(one), record(three)])).toThrow(
    `lacks some that it needs: ${two.name}`,
  );
});

test('a migration that was rolled back is pending again', () => {
  const rolledBack = record(two, { finished_at: null, rolled_back_at: new Date() });
  expect(compareHistory([one, two], [record(one), rolledBack]).pending).toEqual([two.name]);
});

test('a migration that failed and was applied later counts as applied', () => {
  const rolledBack = record(one, { checksum: 'old', finished_at: null, rolled_back_at: new Date() });
  expect(compareHistory([one], [rolledBack, record(one)])).toEqual({ pending: [], newer: [] });
});

test('an unfinished migration is rejected with its log', () => {
  const failed = record(two, { finished_at: null, logs: 'division by zero' });
  expect(() => compareHistory([one, two], [record(one), failed])).toThrow('division by zero');
});
