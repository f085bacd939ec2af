import { insertSessions } from '@greenroom/api/testing/rows';
import { performed } from '@greenroom/api/testing/worker';
import { reasonWithout, sessionCreate, skippable, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';

import { PHONE, startConsole, type ConsoleUnderTest, type ConsolePage } from '../harness/console.ts';

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;
const MANY = 10_000;
const ROWS_PER_INSERT = 1_000;
/** CPU time of the page per 100 further rows. Wall-clock time depends on the load of the machine. */
const MAX_MS_PER_PAGE = 200;
const INSERT_MANY = `
  INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
                        transport_url, room_name, worker_identity, seat_hash)
  SELECT 'many', 'test', 'sess_01KKGP79VG' || lpad(n::text, 16, '0'),
         CASE n % 4 WHEN 0 THEN 'canceled' ELSE 'ended' END, 'av_stock_00' || (1 + n % 5), 'standard', 600, 30,
         'wss://rooms.example.com', 'room-' || n, 'greenroom-worker', sha256(n::text::bytea)
    FROM generate_series($1::int, $2::int) AS n`;
let tested: ConsoleUnderTest;

beforeAll(async () => {
  if (skipReason !== '') return;
  // The worker of the test does not report while the test visits the pages.
  const sessions = { leaseSeconds: 600, firstFrameDeadlineSeconds: 600, drainDeadlineSeconds: 600 };
  tested = await startConsole({ sessions });
});
afterAll(async () => {
  if (skipReason === '') await tested.close();
});

/** Creates a session, and returns its id. */
async function createSession(key = tested.server.keys.test): Promise<string> {
  const json = await sessionCreate({ avatar_id: 'av_stock_001' });
  const response = await tested.server.request('/v1/sessions', { method: 'POST', json, key });
  return ((await response.json()) as { id: string }).id;
}

/** Checks the current page in light, in dark and on a phone. */
async function expectGoodLooks(opened: ConsolePage, name: string, isWhole = true): Promise<void> {
  const { page, problems, shot } = opened;
  const size = page.viewportSize();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await shot(`${name}-${scheme}`, isWhole);
    expect([name, scheme, await problems()]).toEqual([name, scheme, []]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(PHONE);
  await shot(`${name}-phone`, isWhole);
  expect([name, 'phone', await problems()]).toEqual([name, 'phone', []]);
  if (size !== null) await page.setViewportSize(size);
}

/** Returns a function that reads the CPU time of a page's main thread, in milliseconds. */
async function cpuClock(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
}

suite(skippable('sessions in the console', skipReason), () => {
  test('a live session is followed from its creation to its end without a reload', async () => {
    await insertSessions(tested.server.database, [{ status: 'failed' }]);
    const opened = await tested.open();
    const { page, goTo, faults, close } = opened;
    await goTo('/');
    await page.evaluate('window.isSamePage = true');
    await page.getByText('No live sessions.').waitFor();
    await page.locator('.failure a[href$="/docs/failures/worker.lost/"]').waitFor();

    const id = await createSession();
    const card = page.locator('.live-card', { hasText: id });
    await card.getByText('queued', { exact: true }).waitFor();
    const { worker, assignment } = await performed(tested.server, id, 'starting');
    await card.getByText('starting', { exact: true }).waitFor();
    await worker.reported(assignment, { frames: 25, media_ms: 1_000 });
    await card.getByText('running', { exact: true }).waitFor();
    await worker.reported(assignment, { frames: 12_345, media_ms: 2_000 });
    await card.getByText('12,345').waitFor();
    await card.getByText(/^0:\d[1-9]$/).waitFor();
    await expectGoodLooks(opened, 'now-live');

    await card.getByRole('link', { name: id }).click();
    await page.getByText('The worker published the first video frame.').waitFor();
    await until(async () => (await page.title()).startsWith('Ada'));
    expect(await page.title()).toContain(id);
    const zone = /\w+ \d+, \d{4}, times in (GMT|UTC)/;
    await page.getByText(zone).first().waitFor();
    await page.getByRole('button', { name: 'End session' }).click();
    await opened.shot('session-end-dialog');
    expect(await opened.problems()).toEqual([]);
    await page.getByRole('button', { name: 'End it' }).click();
    await page.locator('h1').getByText('ending', { exact: true }).waitFor();
    await page.getByText('You ended it.').waitFor();
    await worker.reported(assignment, { state: 'ended', frames: 12_400, media_ms: 3_000 });
    await page.locator('h1').getByText('ended', { exact: true }).waitFor();
    await page.getByText('The worker has finished and left the room.').waitFor();
    expect(await page.locator('.phase-name').allInnerTexts()).toEqual([
      ...['queued', 'starting', 'running', 'ending', 'ended'],
    ]);
    await page.getByRole('rowheader', { name: 'Total' }).waitFor();
    expect(await page.getByRole('button', { name: 'End session' }).count()).toBe(0);
    expect(await page.locator('body').innerText()).not.toContain(tested.server.keys.test);
    await expectGoodLooks(opened, 'session');
    expect(await page.evaluate('window.isSamePage')).toBe(true);
    expect(faults).toEqual([]);
    await close();
  });

  test('10,000 sessions are scrolled with few rows and little work, and stay where they are when one was created', async () => {
    const keys = await tested.server.createOrg({ id: 'many' });
    for (let first = 1; first <= MANY; first += ROWS_PER_INSERT) {
      await tested.server.database.pool.query(INSERT_MANY, [first, first + ROWS_PER_INSERT - 1]);
    }
    const opened = await tested.open({ key: keys.test });
    const { page, goTo, faults, close } = opened;
    await goTo('/sessions');
    await page.locator('.session-row').first().waitFor();
    await expectGoodLooks(opened, 'sessions-many', false);

    const busyMs = await cpuClock(page);
    const startMs = await busyMs();
    const scrolled = await page.evaluate<{ mostRows: number; count: string }>(`(async () => {
      const table = document.querySelector('.sessions');
      let mostRows = 0;
      while (table.getAttribute('aria-rowcount') === '-1') {
        window.scrollTo(0, document.documentElement.scrollHeight);
        await new Promise((resolve) => requestAnimationFrame(resolve));
        mostRows = Math.max(mostRows, table.rows.length);
      }
      return { mostRows, count: table.getAttribute('aria-rowcount') };
    })()`);
    const busyMsPerPage = ((await busyMs()) - startMs) / (MANY / 100);
    expect(scrolled.count).toBe(String(MANY + 1));
    expect(scrolled.mostRows).toBeLessThan(80);
    expect(busyMsPerPage).toBeLessThan(MAX_MS_PER_PAGE);

    await page.evaluate('window.scrollTo(0, 100_000)');
    const placeOfRows = async () =>
      page.evaluate<string>(
        'JSON.stringify([...document.querySelectorAll(".session-row")].map((row) => [row.innerText.slice(0, 40), Math.round(row.getBoundingClientRect().top)]).slice(10, 20))',
      );
    await until(async () => (await page.locator('[aria-rowindex="1660"]').count()) === 1);
    const before = await placeOfRows();
    const id = await createSession(keys.test);
    await page.getByRole('button', { name: '1 new session' }).waitFor();
    expect(await placeOfRows()).toBe(before);
    await page.getByRole('button', { name: '1 new session' }).click();
    await page.getByRole('link', { name: id }).waitFor();

    await page.getByRole('button', { name: 'Any status' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'failed' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'canceled' }).click();
    await page.locator('.session-row').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'failed, canceled' }).waitFor();
    await page.getByRole('link', { name: id }).waitFor({ state: 'detached' });
    await page.getByLabel('From').fill('2020-01-02');
    await page.getByLabel('To', { exact: true }).fill('2020-01-02');
    await page.getByText('No matching sessions.').waitFor();
    const { searchParams } = new URL(page.url());
    expect(JSON.parse(searchParams.get('status') ?? '')).toEqual(['failed', 'canceled']);
    await page.reload();
    await page.getByText('No matching sessions.').waitFor();
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('2020-01-02');
    await page.goBack();
    await page.locator('.session-row').first().waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});
