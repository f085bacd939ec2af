import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { openDatabase, type Database } from './database.ts';
import { ensureOrg, ensurePlatform } from './seed.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { poolSize: 4, applicationName: 'greenroom-seed-test' });
});
afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

test('repeated and concurrent seeds insert the plans and stock avatars once', async () => {
  await Promise.all([1, 2, 3].map(() => ensurePlatform(database)));
  await ensurePlatform(database);
  const plans = await database.prisma.plan.findMany({ orderBy: { position: 'asc' } });
  expect(plans.map((plan) => [plan.id, plan.concurrentSessions, plan.maxSessionSeconds])).toEqual([
    ['free', 1, 120],
    ['starter', 2, 600],
    ['launch', 10, 1200],
    ['scale', 50, 3600],
  ]);
  const avatars = await database.prisma.stockAvatar.findMany({ orderBy: { id: 'asc' } });
  expect(avatars.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6].map((number) => `av_stock_00${number}`));
});

test('seeding restores missing rows and keeps changed ones', async () => {
  await ensurePlatform(database);
  await database.prisma.stockAvatar.deleteMany({ where: { id: 'av_stock_003' } });
  await database.prisma.plan.update({ where: { id: 'free' }, data: { maxSessionSeconds: 60 } });
  await ensurePlatform(database);
  expect(await database.prisma.stockAvatar.count({ where: { id: 'av_stock_003' } })).toBe(1);
  expect((await database.prisma.plan.findUnique({ where: { id: 'free' } }))?.maxSessionSeconds).toBe(60);
});

test('seeding an organisation again keeps the balances of its accounts', async () => {
  await ensurePlatform(database);
  const seed = { id: 'acme', name: 'Acme', planId: 'scale', credits: 100 } as const;
  await ensureOrg(database, seed);
  await database.prisma.account.update({
    where: { orgId_mode: { orgId: 'acme', mode: 'live' } },
    data: { creditsBalance: 42.5, creditsReserved: 3 },
  });
  await ensureOrg(database, seed);
  const accounts = await database.prisma.account.findMany({ orderBy: { mode: 'asc' } });
  expect(accounts.map(({ mode, creditsBalance }) => [mode, creditsBalance.toNumber()])).toEqual([
    ['live', 42.5],
    ['test', 100],
  ]);
  const entries = await database.prisma.creditEntry.findMany({ orderBy: { mode: 'asc' } });
  expect(entries.map(({ mode, credits }) => [mode, credits.toNumber()])).toEqual([
    ['live', 100],
    ['test', 100],
  ]);
});
