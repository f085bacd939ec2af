import { readFile } from 'node:fs/promises';

import { idAt } from '@greenroom/api/testing/rows';
import { photograph, reasonWithout, skippable } from '@greenroom/testing';
import { afterAll, beforeAll, expect, describe, test } from '@jest/globals';

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

/** Checks a page as it is in light, in dark and on a phone. */
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
    await page.getByRole('img', { name: '120 credits in all' }).waitFor();
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
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    const card = page.locator('.card', { hasText: 'Anna & Bo' });
    await card.getByRole('link', { name: 'in the playground' }).waitFor({ timeout: PROCESSED_MS });
    await card.locator('img').waitFor();
    expect(page.url()).toContain('scope=org');

    await page.getByRole('button', { name: 'Upload avatar' }).click();
    await choose(await photograph('cat'));
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Cat');
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    const cat = page.locator('.card', { hasText: 'Cat' });
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
    expect(faults).toEqual([]);
    await close();
  });

  test('a key without the scopes sees usage and uploads explained', async () => {
    const { secret } = await tested.server.createKey({ scopes: ['sessions:read'] });
    const { page, goTo, close } = await tested.open({ key: secret });
    await goTo('/usage');
    await page.getByText('usage:read').first().waitFor();
    await goTo('/avatars');
    await page.getByRole('button', { name: 'Upload avatar' }).click();
    const file = { name: 'face.jpg', mimeType: 'image/jpeg', buffer: await photograph('face') };
    await page.getByLabel('Choose an image').setInputFiles(file);
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('alert').getByText('avatars:write').waitFor();
    await close();
  });
});
