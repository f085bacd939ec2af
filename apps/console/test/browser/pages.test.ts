import { sessionCreate } from '@greenroom/api/testing/session-create';
import { reasonWithout, skippable } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { DESK, PHONE, startConsole, type ConsoleUnderTest } from '../harness/console.ts';

const PAGES = [
  ['now', '/'],
  ['sessions', '/sessions'],
  ['usage', '/usage'],
  ['avatars', '/avatars'],
  ['developers', '/developers'],
] as const;

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;
let tested: ConsoleUnderTest;

beforeAll(async () => {
  if (skipReason === '') tested = await startConsole();
});
afterAll(async () => {
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
});
