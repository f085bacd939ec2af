import { until } from '@greenroom/testing';
import { expect, test } from '@jest/globals';

import { query } from './query.ts';
import { createTestDatabase } from './test-database.ts';

test('test databases are migrated and isolated from each other', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await query(one.url, `INSERT INTO plans VALUES ('free', 'Free', 1, 120, 0)`);
  expect(await query(one.url, 'SELECT id FROM plans')).toEqual([{ id: 'free' }]);
  expect(await query(other.url, 'SELECT id FROM plans')).toEqual([]);
  await Promise.all([one.drop(), other.drop()]);
});

test('a test database can be dropped while a connection is open', async () => {
  const [database, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const sleeping = query(database.url, 'SELECT pg_sleep(30)').catch(() => undefined);
  const isSleeping = `SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)' AND state = 'active'`;
  await until(async () => (await query(other.url, isSleeping)).length === 1);
  await Promise.all([database.drop(), other.drop()]);
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  await sleeping;
});
