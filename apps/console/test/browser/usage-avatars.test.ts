import { readFile } from 'node:fs/promises';

import { idAt } from '@greenroom/api/testing/rows';
import { photograph, reasonWithout, skippable, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, describe, test } from '@jest/globals';
import type { Page } from 'playwright-core';

import { PHONE, startConsole, type ConsolePage, type ConsoleUnderTest } from '../harness/console.ts';

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;
const QUALITIES = ['mock', 'lite', 'standard', 'pro'] as const;
const PROCESSED_MS = 150_000;
let tested: ConsoleUnderTest;

beforeAll(async () => {
  if (skipReason === '') tested = await startConsole();
});
afterAll(async () => {
  if (skipReason === '') await tested.close();
});

/** Checks the current page in light, in dark and on a phone. */
async function expectGoodLooks({ page, problems, shot }: ConsolePage, name: string): Promise<void> {
  const size = page.viewportSize();
  for (const look of ['light', 'dark', 'phone'] as const) {
    await page.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' });
    if (look === 'phone') await page.setViewportSize(PHONE);
    await shot(`${name}-${look}`);
    expect([name, look, await problems()]).toEqual([name, look, []]);
  }
  if (size !== null) await page.setViewportSize(size);
}

/** Bills a minute of live sessions, more with each day, on the first days of January 2026. */
async function insertJanuary(days: number): Promise<void> {
  const { prisma } = tested.server.database;
  const tenant = { orgId: 'dev', mode: 'live' };
  const month = new Date('2026-01-01T00:00:00Z');
  await prisma.usageEvent.createMany({
    data: Array.from({ length: days * QUALITIES.length }, (_, serial) => {
      const at = new Date(month.getTime() + Math.floor(serial / QUALITIES.length) * 86_400_000);
      return {
        ...tenant,
        id: idAt('use', at, serial),
        sessionId: idAt('sess', at, serial),
        quality: QUALITIES[serial % QUALITIES.length] ?? 'mock',
        intervalStart: at,
        intervalEnd: at,
        billableSeconds: 60 + serial,
        multiplier: 1,
        credits: 1.5,
      };
    }),
  });
  const total = { billableSeconds: 7960, credits: 120, sessions: 80, continuedSessions: 0 };
  await prisma.usageTotal.create({ data: { ...tenant, month, quality: 'standard', ...total } });
}

interface Bill {
  orgId: string;
  at: string;
  seconds: number;
  credits: number;
  records?: number;
}

/** Inserts usage events of live sessions at a time, all of one session. */
async function bill({ orgId, at, seconds, credits, records = 1 }: Bill): Promise<void> {
  const interval = { intervalStart: new Date(at), intervalEnd: new Date(at) };
  const cost = { billableSeconds: seconds, multiplier: 1, credits };
  await tested.server.database.prisma.usageEvent.createMany({
    data: Array.from({ length: records }, (_, serial) => ({
      ...{ orgId, mode: 'live', id: idAt('use', at, serial), sessionId: idAt('sess', at) },
      ...{ quality: 'standard', ...interval, ...cost },
    })),
  });
}

/** Inserts the totals of a month. */
async function total(orgId: string, month: string, fields: object): Promise<void> {
  await tested.server.database.prisma.usageTotal.create({
    data: {
      ...{ orgId, mode: 'live', month: new Date(`${month}-01`), quality: 'standard' },
      ...{ billableSeconds: 0, credits: 0, sessions: 1, continuedSessions: 0, ...fields },
    },
  });
}

/** Returns the value and the hint of each figure. */
async function figures(page: Page): Promise<string[][]> {
  await page.locator('.figure-hint').first().waitFor();
  const texts = await page.locator('.figure').all();
  return Promise.all(texts.map(async (each) => (await each.innerText()).split('\n').slice(1)));
}

suite(skippable('usage and avatars in the console', skipReason), () => {
  test('usage is a chart and a table of the month in the address, which is saved as CSV', async () => {
    await insertJanuary(20);
    const opened = await tested.open({ key: tested.server.keys.live });
    const { page, goTo, faults, close } = opened;
    await goTo('/usage?month=2026-01');
    const lastDay = page.getByRole('row', { name: /^Jan 20/ });
    expect(await lastDay.getByRole('cell').allTextContents()).toEqual([
      '550',
      '6',
      '136',
      '137',
      '138',
      '139',
    ]);
    await page.getByRole('img', { name: 'most on Jan 20 with 550' }).waitFor();
    await expectGoodLooks(opened, 'usage');
    await page.getByRole('link', { name: 'credits' }).click();
    await page.getByRole('img', { name: '120 credits in total' }).waitFor();
    expect(page.url()).toContain('unit=credits');

    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('greenroom-usage-live-2026-01.csv');
    const lines = (await readFile(await saved.path(), 'utf8')).split('\r\n');
    expect(lines.slice(0, 3)).toEqual([
      'day,quality,billable_seconds,credits',
      '2026-01-01,mock,60,1.5',
      '2026-01-01,lite,61,1.5',
    ]);
    expect(lines).toHaveLength(1 + 20 * QUALITIES.length + 1);

    await page.getByRole('link', { name: 'December 2025' }).click();
    await page.getByText('Nothing was billed in December 2025.').waitFor();
    await expectGoodLooks(opened, 'usage-empty');
    expect(faults).toEqual([]);
    await close();
  });

  test('credits of more than 2,000 usage events are added up on request, and compared with the month before', async () => {
    const orgId = 'billed';
    const { live } = await tested.server.createOrg({ id: orgId });
    await bill({ orgId, at: '2025-03-25T10:00:00Z', seconds: 60, credits: 1, records: 1_990 });
    await bill({ orgId, at: '2025-03-10T10:00:00Z', seconds: 30, credits: 0.5, records: 20 });
    await total(orgId, '2025-03', { billableSeconds: 120_000, credits: 2_000, sessions: 2 });
    await bill({ orgId, at: '2025-02-10T10:00:00Z', seconds: 60_000, credits: 1_000 });
    await total(orgId, '2025-02', { billableSeconds: 60_000, credits: 1_000, sessions: 4 });
    await total(orgId, '2025-01', { billableSeconds: 500, sessions: 3, eventsPurged: true });
    const opened = await tested.open({ key: live });
    const { page, goTo, faults, close } = opened;
    await goTo('/usage?month=2025-03');
    const cells = (day: string) =>
      page
        .getByRole('row', { name: new RegExp(`^${day}`) })
        .getByRole('cell')
        .allTextContents();
    await page.getByText('only the newest 2,000 usage events').waitFor();
    expect(await cells('Mar 25')).toEqual(['119,400', '1,990', '0', '0', '119,400', '0']);
    expect(await cells('Mar 10')).toEqual(['600', '–', '0', '0', '600', '0']);
    await expectGoodLooks(opened, 'usage-many');
    await page.getByRole('button', { name: 'Add up all usage events' }).click();
    await until(async () => (await cells('Mar 10'))[1] === '10');
    await until(async () => (await figures(page))[3]?.[1] === 'February 2025: 1,000 (+100%)');
    expect(await figures(page)).toEqual([
      ['120,000', 'February 2025: 60,000 (+100%)'],
      ['2', 'February 2025: 4 (−50%)'],
      ['60,000', 'February 2025: 15,000 (+300%)'],
      ['2,000', 'February 2025: 1,000 (+100%)'],
    ]);

    await page.getByRole('link', { name: 'February 2025' }).click();
    await page.getByRole('row', { name: /^Feb 10/ }).waitFor();
    expect((await figures(page))[0]).toEqual(['60,000', 'January 2025: 500 (+11900%)']);
    // The records of January are no longer kept.
    expect((await figures(page))[3]).toEqual(['1,000']);
    await page.getByRole('link', { name: 'January 2025' }).click();
    await page.getByText('The details of January 2025 are no longer kept.').waitFor();
    expect((await figures(page))[3]?.[0]).toBe('–');
    expect(await page.getByText('Nothing was billed').count()).toBe(0);
    await opened.shot('usage-purged');
    expect(await opened.problems()).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  test('the current month is compared with as many days of the month before, and only its last days are refreshed', async () => {
    const orgId = 'current';
    const { live } = await tested.server.createOrg({ id: orgId });
    const now = new Date();
    const today = now.toISOString().slice(0, 10);
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
    const lastOfBefore = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) - 3_600_000);
    await bill({ orgId, at: now.toISOString(), seconds: 50, credits: 1 });
    await total(orgId, today.slice(0, 7), { billableSeconds: 50 });
    await bill({ orgId, at: first.toISOString(), seconds: 100, credits: 2 });
    await bill({ orgId, at: lastOfBefore.toISOString(), seconds: 900, credits: 15 });
    await total(orgId, first.toISOString().slice(0, 7), { billableSeconds: 1_000, sessions: 2 });
    const { page, goTo, close } = await tested.open({ key: live });
    await page.clock.install({ time: now });
    const starts: string[] = [];
    page.on('request', (request) => {
      const start = new URL(request.url()).searchParams.get('created_after');
      if (start !== null) starts.push(start.slice(0, 10));
    });
    await goTo('/usage');
    await page.getByRole('img', { name: '50 seconds in total' }).waitFor();
    const isWhole = now.getUTCDate() >= lastOfBefore.getUTCDate();
    const hint = isWhole ? ': 1,000 (−95%)' : ': 100 (−50%)';
    await until(async () => (await figures(page))[0]?.[1]?.endsWith(hint) === true);
    const credits = isWhole ? ': 17 (−94%)' : ': 2 (−50%)';
    await until(async () => (await figures(page))[3]?.[1]?.endsWith(credits) === true);
    expect(starts).toContain(`${today.slice(0, 7)}-01`);
    starts.length = 0;
    await page.clock.fastForward(61_000);
    await until(() => starts.length > 0);
    expect(starts).toEqual([today]);
    await close();
  });

  test('a photograph is cropped, uploaded, ready without a reload, found, and deleted', async () => {
    const opened = await tested.open();
    const { page, goTo, faults, close } = opened;
    await goTo('/avatars');
    await page.locator('.card img').first().waitFor();
    await expectGoodLooks(opened, 'avatars');
    await page.getByRole('button', { name: 'Upload avatar' }).click();
    const choose = async (buffer: Buffer) =>
      page
        .getByLabel('Choose an image')
        .setInputFiles({ name: 'Anna & Bo.jpg', mimeType: 'image/jpeg', buffer });
    await choose(Buffer.from('no image'));
    await page.getByText('cannot be read as an image').waitFor();
    await choose(await photograph('face'));
    await page.getByLabel('Zoom').press('ArrowRight');
    await page.getByLabel('Top to bottom').press('ArrowRight');
    await expectGoodLooks(opened, 'avatars-crop');
    // The upload fails once.
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const error = { type: 'invalid_request', code: 'image.invalid', message: 'It is too dark.' };
    await page.route('**/v1/avatars', async (route) => {
      await released;
      await route.fulfill({ status: 422, json: { error } });
    });
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('progressbar', { name: 'Upload' }).waitFor();
    await opened.shot('avatars-progress', false);
    release();
    await page.getByText('It is too dark.').waitFor();
    await page.unroute('**/v1/avatars');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Other name');
    await page.getByRole('button', { name: 'Choose another image' }).click();
    await choose(await photograph('face'));
    expect(await page.getByText('It is too dark.').count()).toBe(0);
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Anna & Bo');
    await page.evaluate(`
      window.progress = [];
      new MutationObserver(() => {
        const text = document.querySelector('.upload-progress')?.innerText;
        if (text !== undefined) window.progress.push(text);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });`);
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    const card = page.locator('.card', { hasText: 'Anna & Bo' });
    await card.getByRole('link', { name: 'in the playground' }).waitFor({ timeout: PROCESSED_MS });
    await card.locator('img').waitFor();
    expect(page.url()).toContain('scope=org');
    expect(await page.evaluate('window.progress')).toContain('Sent. The server is checking the image.');

    await page.getByRole('button', { name: 'Upload avatar' }).click();
    await choose(await photograph('cat'));
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Cat');
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    const cat = page.locator('.card', { has: page.getByText('Cat', { exact: true }) });
    await cat.getByText('No face was found in the image.').waitFor({ timeout: PROCESSED_MS });
    await page.getByText('Cat was uploaded').waitFor({ state: 'hidden' });
    await expectGoodLooks(opened, 'avatars-own');

    await page.getByLabel('Search by name or id').fill('anna');
    await cat.waitFor({ state: 'hidden' });
    expect(page.url()).toContain('q=anna');
    await page.getByRole('button', { name: 'Delete Anna & Bo' }).click();
    expect(await opened.problems()).toEqual([]);
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('No avatar has “anna”').waitFor();
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
    await close();
  });

  test('a key without the scopes sees usage and uploads explained', async () => {
    const { secret } = await tested.server.createKey({ scopes: ['sessions:read'] });
    const { page, goTo, close } = await tested.open({ key: secret });
    await goTo('/usage');
    await page.getByText('usage:read').first().waitFor();
    await goTo('/avatars');
    await page.getByText('Your key lacks avatars:write').waitFor();
    await close();
  });
});
