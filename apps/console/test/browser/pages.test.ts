import { reasonWithout, skippable, startPathProxy, type PathProxy } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { DESK, PHONE, startConsole, type ConsoleUnderTest } from '../harness/console.ts';

const PAGES = [
  ['now', '/'],
  ['sessions', '/sessions'],
  ['usage', '/usage'],
  ['avatars', '/avatars'],
  ['developers', '/developers'],
] as const;

const FIRST_LOAD_BYTES = 200_000;

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;
let tested: ConsoleUnderTest;
let proxy: PathProxy | undefined;

beforeAll(async () => {
  if (skipReason === '') tested = await startConsole();
});
afterAll(async () => {
  proxy?.close();
  if (skipReason === '') await tested.close();
});

suite(skippable('the console in a browser', skipReason), () => {
  test.each([
    ['light', { viewport: DESK, colorScheme: 'light' }],
    ['dark', { viewport: DESK, colorScheme: 'dark' }],
    ['phone', { viewport: PHONE, colorScheme: 'light' }],
  ] as const)('every page is accessible, fits, and reports no error: %s', async (name, options) => {
    const { page, faults, goTo, problems, shot, close } = await tested.open(options);
    for (const [title, path] of PAGES) {
      await goTo(path);
      await shot(`${title}-${name}`);
      expect([title, await problems()]).toEqual([title, []]);
    }
    expect(await page.title()).toBe('Developers · Greenroom console');
    expect(faults).toEqual([]);
    await close();
  });

  test('a key signs in for the tab, opens the requested page, and appears in no address', async () => {
    const { page, faults, problems, shot, close } = await tested.open({ key: null });
    await page.goto(tested.addressOf('/sessions?status=%5B%22failed%22%5D'));
    await page.getByLabel('API key').fill(tested.server.keys.test);
    expect(await problems()).toEqual([]);
    await shot('sign-in');
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('No matching sessions.').waitFor();
    expect(page.url()).toContain('failed');
    expect([page.url(), ...addresses].join()).not.toContain(tested.server.keys.test);
    expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
    await page.getByRole('button', { name: 'Settings and sign out' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate('Object.keys(sessionStorage).filter((key) => /sign-in/.test(key))')).toEqual(
      [],
    );
    expect(faults).toEqual([]);
    await close();
  });

  test('the link that `start` prints signs in to both modes, and its code is removed from the address', async () => {
    const { test: test_key, live: live_key } = tested.server.keys;
    const code = tested.signInCodes.issue({ test_key, live_key });
    const { page, faults, close } = await tested.open({ key: null });
    await page.goto(tested.addressOf(`/sign-in#${code}`));
    await page.getByText('Test mode', { exact: true }).waitFor();
    expect(page.url()).not.toContain(code);
    await page.getByRole('button', { name: 'Settings and sign out' }).click();
    await page.getByRole('menuitemradio', { name: 'Live mode' }).click();
    await page.locator('.mode', { hasText: 'Live mode' }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('a key without a scope sees which one is missing, and an unknown address shows a page', async () => {
    const { secret } = await tested.server.createKey({ scopes: ['usage:read'] });
    const other = await tested.open({ key: secret });
    await other.goTo('/sessions');
    await other.page.getByText('Your key lacks access to this').waitFor();
    await other.page.getByText('sessions:read').first().waitFor();
    expect(await other.problems()).toEqual([]);
    await other.shot('no-scope');
    await other.goTo('/nowhere/at/all');
    await other.page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await other.close();
  });

  test('the console works behind a proxy that adds a path, and its first page loads less than 200 kB', async () => {
    proxy = await startPathProxy(tested.server.url, '/greenroom');
    const { page, faults, goTo, close } = await tested.open({ at: proxy.url });
    await goTo('/');
    const files = await page.evaluate<[name: string, bytes: number][]>(
      'performance.getEntriesByType("resource").filter(({ name }) => name.includes("/console/")).map(({ name, encodedBodySize }) => [name, encodedBodySize])',
    );
    const bytes = files.reduce((sum, [, each]) => sum + each, 0);
    expect(files.length).toBeGreaterThan(3);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByText('No sessions yet.').waitFor();
    await page.reload();
    await page.getByText('No sessions yet.').waitFor();
    expect(page.url()).toBe(`${proxy.url}/console/sessions`);
    await goTo('/sessions/sess_01KKGP79VG0000000000000000');
    await page.locator('code', { hasText: 'session.not_found' }).waitFor();
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
    await close();
  });
});
