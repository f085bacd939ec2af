import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { grantCredits, listCreditEntries } from '../../src/accounts/credit-entry-repository.ts';
import { grantIncludedCredits, monthAt } from '../../src/accounts/included-credits-repository.ts';
import { findOrg, insertOrg, updateOrg, type OrgSettings } from '../../src/accounts/org-repository.ts';
import { brokenInvariants } from '../harness/invariants.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ACTOR = { kind: 'operator', id: 'someone@somewhere' } as const;
const NOW = monthAt();

const create = async (id: string, planId: string) => {
  const created = await insertOrg(server.serverDatabase, { id, name: id, planId }, ACTOR);
  if (typeof created === 'string') throw new Error(created);
};

async function change(id: string, changes: Partial<OrgSettings>): Promise<void> {
  const seen = await findOrg(server.database, id);
  if (seen === null) throw new Error('It does not exist');
  const action = 'organisation.set_plan';
  expect(await updateOrg(server.serverDatabase, { seen, changes, action }, ACTOR)).not.toBeNull();
}

const runFor = (month: string) => grantIncludedCredits(server.serverDatabase, { month });

/** Returns the credits of the live account's entries, in their order, after checking the balance. */
async function grantsOf(orgId: string): Promise<number[]> {
  expect(await brokenInvariants(server.databaseUrl, new Set())).toEqual([]);
  const entries = await listCreditEntries(
    server.database,
    { orgId, mode: 'live' },
    { before: undefined, take: 100 },
  );
  return entries.map(({ credits }) => credits).reverse();
}

test('a new organisation gets the included credits of its first month, and once those of each later one', async () => {
  await create('monthly', 'starter');
  expect(await grantsOf('monthly')).toEqual([500]);
  await runFor(NOW);
  expect(await grantsOf('monthly')).toEqual([500]);
  // Two processes run at the same time, and one after them.
  await Promise.all([runFor('2999-01'), runFor('2999-01')]);
  await runFor('2999-01');
  expect(await grantsOf('monthly')).toEqual([500, 500]);
  // A month in which no process ran is not granted later, and an earlier month is not granted again.
  await runFor('2999-03');
  await runFor('2999-02');
  expect(await grantsOf('monthly')).toEqual([500, 500, 500]);
  const tests = { orgId: 'monthly', mode: 'test' } as const;
  expect(await listCreditEntries(server.database, tests, { before: undefined, take: 10 })).toEqual([]);
});

test('a month whose mark was lost is not granted again', async () => {
  await create('marked', 'starter');
  await server.database.pool.query(`UPDATE orgs SET credits_month = NULL WHERE id = 'marked'`);
  await runFor(NOW);
  expect(await grantsOf('marked')).toEqual([500]);
});

test('more organisations than a batch are granted by one run, and a stopped run grants none', async () => {
  const ids = Array.from({ length: 105 }, (_, index) => `batch-${String(index).padStart(3, '0')}`);
  await server.database.prisma.org.createMany({ data: ids.map((id) => ({ id, name: id, planId: 'free' })) });
  await server.database.prisma.account.createMany({ data: ids.map((orgId) => ({ orgId, mode: 'live' })) });
  await grantIncludedCredits(server.serverDatabase, { month: NOW, signal: AbortSignal.abort() });
  const counted = async () =>
    (await server.database.pool.query(`SELECT FROM credit_entries WHERE org_id LIKE 'batch-%'`)).rowCount;
  expect(await counted()).toBe(0);
  await runFor(NOW);
  expect(await counted()).toBe(105);
});

test('a suspended organisation gets none until it is resumed, then those of that month', async () => {
  await create('suspended', 'starter');
  await change('suspended', { suspendedAt: new Date() });
  await runFor('2999-05');
  expect(await grantsOf('suspended')).toEqual([500]);
  await change('suspended', { suspendedAt: null });
  await runFor('2999-06');
  expect(await grantsOf('suspended')).toEqual([500, 500]);
});

describe('a plan that changes within a month', () => {
  test('grants the difference to a larger plan once, even after changing back and forth', async () => {
    await create('growing', 'starter');
    await change('growing', { planId: 'launch' });
    expect(await grantsOf('growing')).toEqual([500, 7000]);
    await change('growing', { planId: 'free' });
    await change('growing', { planId: 'launch' });
    expect(await grantsOf('growing')).toEqual([500, 7000]);
    await change('growing', { planId: 'scale' });
    expect(await grantsOf('growing')).toEqual([500, 7000, 17_500]);
    await runFor('2999-07');
    expect(await grantsOf('growing')).toEqual([500, 7000, 17_500, 25_000]);
  });

  test('counts credits that were granted by hand as those of the former plan', async () => {
    await server.createOrg({ id: 'seeded', planId: 'starter', credits: 500 });
    await change('seeded', { planId: 'launch' });
    expect(await grantsOf('seeded')).toEqual([500, 7000]);
  });

  test('grants the difference once to an organisation from before the upgrade', async () => {
    for (const id of ['upgraded', 'upgraded-scale']) {
      await server.createOrg({ id, planId: 'free', credits: 50 });
    }
    for (const planId of ['launch', 'free', 'launch', 'free', 'launch']) await change('upgraded', { planId });
    expect(await grantsOf('upgraded')).toEqual([50, 7450]);
    await change('upgraded-scale', { planId: 'scale' });
    expect(await grantsOf('upgraded-scale')).toEqual([50, 24_950]);
  });

  test('grants nothing to an organisation from before the upgrade that returns to its larger plan', async () => {
    await server.createOrg({ id: 'returning', planId: 'launch', credits: 7500 });
    for (const planId of ['free', 'launch', 'starter', 'launch']) await change('returning', { planId });
    expect(await grantsOf('returning')).toEqual([7500]);
  });

  test('grants the difference even to a suspended organisation that has the credits of the month', async () => {
    await create('paused', 'starter');
    await change('paused', { suspendedAt: new Date() });
    await change('paused', { planId: 'launch' });
    await change('paused', { suspendedAt: null });
    await runFor(NOW);
    expect(await grantsOf('paused')).toEqual([500, 7000]);
  });

  test('is granted once when the monthly grant runs at the same time', async () => {
    await create('contested', 'free');
    await server.database.pool.query(`UPDATE orgs SET credits_month = '2020-01-01' WHERE id = 'contested'`);
    await server.database.pool.query(`DELETE FROM credit_entries WHERE org_id = 'contested'`);
    await server.database.pool.query(`UPDATE accounts SET credits_balance = 0 WHERE org_id = 'contested'`);
    await Promise.all([change('contested', { planId: 'starter' }), runFor(NOW), runFor(NOW)]);
    await runFor(NOW);
    const total = (await grantsOf('contested')).reduce((sum, credits) => sum + credits, 0);
    expect(total).toBe(500);
  });
});

test('a reference is granted once, even by two operators at once', async () => {
  await server.createOrg({ id: 'billed', credits: 0 });
  const grant = (credits: number) =>
    grantCredits(
      server.serverDatabase,
      { orgId: 'billed', mode: 'live' },
      { credits, reason: 'Invoice', reference: 'inv-1' },
      ACTOR,
    );
  const granted = await Promise.all([grant(5), grant(5)]);
  expect(granted.map((each) => each?.isRepeated).sort()).toEqual([false, true]);
  expect(granted.map((each) => each?.balance)).toEqual([5, 5]);
  expect(await grant(6)).toMatchObject({ isRepeated: true, balance: 5, entry: { credits: 5 } });
  expect(await grantsOf('billed')).toEqual([5]);
});
