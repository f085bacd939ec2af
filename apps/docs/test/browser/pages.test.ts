import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { startTestServer, type TestServer } from '@greenroom/api/testing';
import { reasonWithout, skippable, startPathProxy, until } from '@greenroom/testing';
import { LAN_NAME, launchChromium } from '@greenroom/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { site } from '../../src/site/site.ts';

const SITE = fileURLToPath(new URL('../../dist/site', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };
/** The number of pages to visit in parallel. */
const AT_ONCE = 4;
/** One of each kind. */
const KINDS = [
  '',
  'guides/lifecycle/',
  'operations/',
  'operations/sessions.create/',
  'errors/',
  'errors/worker_identity.in_use/',
  'changelog/',
  'playground/',
  'reference/',
];
const MAX_BYTES = 2 * 1024 * 1024;

const allPages = (await site())
  .map(({ path }) => path)
  .filter((path) => path.endsWith('index.html'))
  .map((path) => path.replace(/index\.html$/, ''));

let server: TestServer;
let browser: Browser;

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;

beforeAll(async () => {
  if (skipReason !== '') return;
  server = await startTestServer({ docsDir: SITE });
  browser = await launchChromium();
});
afterAll(async () => {
  if (skipReason !== '') return;
  await browser.close();
  await server.close();
});

const addressOf = (path: string) => `${server.url}/docs/${path}`;

/**
 * Visits pages with these settings, `AT_ONCE` at a time, and calls `work` with each. `watch` gets each tab before its
 * visits, and a function that returns its current path. Tabs are reused: a new one for each page takes 1.6 times as
 * long.
 */
async function eachPage(
  paths: readonly string[],
  options: BrowserContextOptions,
  work: (page: Page, path: string) => Promise<void>,
  watch: (page: Page, path: () => string) => void = () => undefined,
): Promise<void> {
  const context = await browser.newContext(options);
  const waiting = [...paths];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const page = await context.newPage();
      let current = '';
      watch(page, () => current);
      for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
        current = path;
        await work(page, path);
      }
    }),
  );
  await context.close();
}

/** Opens a page and waits until it is drawn. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(addressOf(path), { waitUntil: 'networkidle' });
  if (path === 'reference/') {
    await page
      .getByRole('button', { name: /Test Request/ })
      .first()
      .waitFor({ state: 'attached' });
  }
}

suite(skippable('the portal in a browser', skipReason), () => {
  test('every page loads without errors or external requests, and fits the width of a phone', async () => {
    const faults: string[] = [];
    const note = (path: string, fault: string) => faults.push(`${path}: ${fault}`);
    const visit = async (page: Page, path: string) => {
      const response = await page.goto(addressOf(path), { waitUntil: 'networkidle' });
      if (response?.status() !== 200) note(path, `status ${response?.status() ?? 'nothing'}`);
      const excess = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      if (excess > 0) note(path, `${excess} px too wide`);
    };
    await eachPage(allPages, { viewport: PHONE }, visit, (page, path) => {
      page.on('console', (message) => {
        if (message.type() === 'error') note(path(), message.text());
      });
      page.on('pageerror', (error) => note(path(), error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) {
          note(path(), request.url());
        }
      });
    });
    expect(faults).toEqual([]);
    expect(allPages.length).toBeGreaterThan(50);
  });

  describe.each([
    { screen: 'a desktop in light', viewport: DESK, colorScheme: 'light', paths: KINDS, rules: '{}' },
    // Only colours differ. The reference takes as long as all other pages, and has the same colours on a phone.
    {
      screen: 'a desktop in dark',
      viewport: DESK,
      colorScheme: 'dark',
      paths: KINDS.filter((path) => path !== 'reference/'),
      rules: '{ runOnly: ["color-contrast"] }',
    },
    {
      screen: 'a phone in dark',
      viewport: PHONE,
      colorScheme: 'dark',
      paths: KINDS,
      // Rules that depend on the layout. All rules run on the desktop.
      rules: '{ runOnly: ["color-contrast", "button-name", "link-name", "scrollable-region-focusable"] }',
    },
  ] as const)('on $screen', ({ viewport, colorScheme, paths, rules }) => {
    test('axe finds no serious problem', async () => {
      const found: string[] = [];
      // Axe is not from this origin.
      await eachPage(paths, { viewport, colorScheme, bypassCSP: true }, async (page, path) => {
        await open(page, path);
        await page.evaluate(AXE);
        const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${rules})`);
        for (const { id, impact, nodes } of violations) {
          if (impact === 'serious' || impact === 'critical') {
            found.push(`${path}: ${id} ${nodes[0]?.html ?? ''}`);
          }
        }
      });
      expect(found).toEqual([]);
    }, 180_000);
  });

  test('nothing is cut off in print', async () => {
    const cut: string[] = [];
    const paper = { width: 794, height: 1123 };
    const kinds = KINDS.filter((path) => path !== 'reference/');
    await eachPage([...kinds, 'guides/quickstart/'], { viewport: paper }, async (page, path) => {
      await open(page, path);
      await page.emulateMedia({ media: 'print' });
      const found = await page.evaluate<string[]>(`
        [document.documentElement, ...document.querySelectorAll('main *')]
          .filter((part) => part.checkVisibility() && part.clientWidth > 1)
          .filter((part) => part === document.documentElement || getComputedStyle(part).overflow !== 'visible')
          .filter((part) => {
            const isTooHigh = part !== document.documentElement && part.scrollHeight > part.clientHeight + 1;
            return isTooHigh || part.scrollWidth > part.clientWidth + 1;
          })
          .map((part) => part.outerHTML.slice(0, 120))`);
      cut.push(...found.map((part) => `${path}: ${part}`));
    });
    expect(cut).toEqual([]);
  });

  test('the portal works below a path of a reverse proxy', async () => {
    const proxy = await startPathProxy(server.url, '/greenroom');
    const context = await browser.newContext({ viewport: DESK });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('response', (response) => {
      const isExpected = response.status() < 400 || response.url().endsWith('/nothing/here');
      if (!isExpected) faults.push(`${response.status()} ${response.url()}`);
    });
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(proxy.url)) {
        faults.push(request.url());
      }
    });
    try {
      await page.goto(`${proxy.url}/docs/nothing/here`);
      await page.getByRole('main').getByRole('link').first().click();
      await page.goto(`${proxy.url}/docs`, { waitUntil: 'networkidle' });
      expect(page.url()).toBe(`${proxy.url}/docs/`);
      expect((await page.locator('pre').allInnerTexts()).join('\n')).toContain(`${proxy.url}/v1/`);

      await page.keyboard.press('/');
      await page.getByRole('searchbox').fill('create session');
      const results = page.getByRole('dialog').getByRole('link', { name: /Create a session/ });
      await results.first().click();
      await page.waitForURL(`${proxy.url}/docs/operations/sessions.create/`);

      await page.getByRole('link', { name: 'Playground', exact: true }).first().click();
      await page.getByLabel('API key').fill(server.keys.test);
      await page.getByLabel('API key').press('Tab');
      await page.getByText('Ready. Press Start.').waitFor();

      await page.getByRole('link', { name: 'Try it', exact: true }).first().click();
      await page
        .getByRole('button', { name: /Test Request.*get \/v1\/sessions\)/ })
        .first()
        .click();
      const listed = page.waitForResponse(`${proxy.url}/v1/sessions**`);
      await page.getByRole('button', { name: /^Send/ }).first().click();
      expect((await listed).status()).toBe(200);
    } finally {
      proxy.close();
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  test('the theme follows the system, and the reader’s choice is kept', async () => {
    const context = await browser.newContext({ colorScheme: 'dark' });
    const page = await context.newPage();
    const brightness = async () => {
      const colour = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      return Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));
    };
    await open(page, '');
    expect(await brightness()).toBeLessThan(60);
    await page.locator('button.theme').click();
    await until(async () => (await brightness()) > 200);
    await open(page, 'errors/');
    expect(await brightness()).toBeGreaterThan(200);
    await context.close();
  });

  test.each([
    ['where the browser trusts it', '127.0.0.1', true],
    ['where it does not', LAN_NAME, false],
  ])('code is copied from a page %s', async (_where, host, isSecure) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      // The warning that this header has no effect without TLS.
      const isOfHeader = message.text().startsWith('The Cross-Origin-Opener-Policy header has been ignored');
      if (message.type() === 'error' && !isOfHeader) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    const address = new URL(addressOf('operations/sessions.create/'));
    address.hostname = host;
    await page.goto(address.href, { waitUntil: 'networkidle' });
    expect(await page.evaluate('isSecureContext')).toBe(isSecure);
    const code = page.locator('figure.code:visible').first();
    await code.getByRole('button', { name: 'Copy' }).click();
    await code.getByRole('button', { name: 'Copied', exact: true }).waitFor();
    // Pasted into a field where the test can read it.
    await page.keyboard.press('/');
    await page.getByRole('searchbox').press('ControlOrMeta+v');
    const pasted = await page.getByRole('searchbox').inputValue();
    const [line = ''] = (await code.locator('code').innerText()).split('\n');
    expect(line).not.toBe('');
    expect(pasted).toContain(line.trim());
    expect(faults).toEqual([]);
    await context.close();
  });

  test('samples stay in view while the reader scrolls an operation', async () => {
    const page = await browser.newPage({ viewport: DESK });
    await open(page, 'operations/sessions.create/');
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight / 2)');
    const sample = page.getByRole('tabpanel', { name: 'curl' });
    const { y = -1 } = (await sample.boundingBox()) ?? {};
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(DESK.height);
    await page.close();
  });

  test('code contains the address of the page’s server', async () => {
    const page = await browser.newPage();
    for (const path of ['', 'guides/quickstart/', 'reference/']) {
      await open(page, path);
      const code = (await page.locator('pre').allInnerTexts()).join('\n');
      expect(code).not.toContain(':4000');
      if (path !== 'reference/') expect(code).toContain(server.url);
    }
    const collection = await (await fetch(addressOf('postman.json'))).text();
    expect(collection).not.toContain(':4000');
    expect(collection).toContain(server.url);
    await page.close();
  });

  test('an operation leads to its place in the reference', async () => {
    const page = await browser.newPage({ viewport: DESK });
    await open(page, 'operations/sessions.end/');
    await page.getByRole('article').or(page.getByRole('main')).getByRole('link', { name: 'Try it' }).click();
    const heading = page.getByRole('heading', { name: 'End a session' });
    await until(async () => {
      const { y = -1 } = (await heading.boundingBox()) ?? {};
      return y > 0 && y < DESK.height;
    });
    await page.close();
  });

  test('on a phone, every page has one menu, and it leads to a guide', async () => {
    const page = await browser.newPage({ viewport: PHONE });
    for (const path of ['', 'reference/']) {
      await open(page, path);
      await page.getByRole('button', { name: 'Menu', exact: true }).click();
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Quickstart' }).click();
      await page.waitForURL(addressOf('guides/quickstart/'));
    }
    await page.close();
  });

  test('search finds an operation and opens its page', async () => {
    const page = await browser.newPage();
    await open(page, '');
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('create session');
    await page
      .getByRole('dialog')
      .getByRole('link', { name: /Create a session/ })
      .first()
      .click();
    await page.waitForURL(addressOf('operations/sessions.create/'));
    await page.close();
  });

  test('the reference is less than 2 MB, and lists sessions with a key that stays in the tab', async () => {
    const context = await browser.newContext({ viewport: DESK });
    const page = await context.newPage();
    await open(page, 'reference/');
    const bytes = await page.evaluate(
      'performance.getEntriesByType("resource").reduce((sum, { transferSize }) => sum + transferSize, 0)',
    );
    expect(Number(bytes)).toBeGreaterThan(0);
    expect(Number(bytes)).toBeLessThan(MAX_BYTES);

    await page.getByPlaceholder('Token').first().click();
    await page.keyboard.insertText(server.keys.test);
    await page
      .getByRole('button', { name: /Test Request.*get \/v1\/sessions\)/ })
      .first()
      .click();
    await page.getByRole('button', { name: /^Send/ }).first().click();
    const isListed = () =>
      server.logLines.some((line) => {
        const { operation, status } = JSON.parse(line) as { operation?: string; status?: number };
        return operation === 'sessions.list' && status === 200;
      });
    await until(() => Promise.resolve(isListed()));

    await page.reload();
    const token = page.getByPlaceholder('Token').first();
    await token.waitFor({ state: 'attached' });
    await until(async () => (await token.inputValue()) === server.keys.test);
    const kept = await page.evaluate('JSON.stringify([localStorage, document.cookie, location.href])');
    expect(kept).not.toContain(server.keys.test);
    await context.close();
  });
});
