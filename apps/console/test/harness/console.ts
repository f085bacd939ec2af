import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { SignInCodes, startTestServer, type TestServer } from '@greenroom/api/testing';
import { launchChromium } from '@greenroom/testing/browser';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const SITE = fileURLToPath(new URL('../../dist/site', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };

export interface OpenOptions extends BrowserContextOptions {
  /** The key to sign in with; the test key of the organisation `dev` by default, null for none. */
  key?: string | null;
  /** The server's address as the browser knows it, such as that of a proxy. By default its own. */
  at?: string;
}

/** A page of the console in a new browser profile. */
export interface ConsolePage {
  page: Page;
  /** The errors so far: console messages, exceptions, and requests to other servers. */
  faults: string[];
  /** Opens a path of the console, and waits until its data is shown. */
  goTo: (path: string) => Promise<void>;
  /** Returns the findings of axe on the current page, and by how many pixels it is too wide. */
  problems: () => Promise<string[]>;
  /** Saves a screenshot of the page, or only of the window, if `CONSOLE_SHOTS` names a folder. */
  shot: (name: string, isWhole?: boolean) => Promise<void>;
  close: () => Promise<void>;
}

export interface ConsoleUnderTest {
  server: TestServer;
  signInCodes: SignInCodes;
  open(options?: OpenOptions): Promise<ConsolePage>;
  addressOf(path: string): string;
  close: () => Promise<void>;
}

/** Starts a server with a database and the built console, and a browser. */
export async function startConsole(
  options: Parameters<typeof startTestServer>[0] = {},
): Promise<ConsoleUnderTest> {
  const signInCodes = new SignInCodes();
  const [server, browser] = await Promise.all([
    startTestServer({ consoleDir: SITE, signInCodes, ...options }),
    launchChromium(),
  ]);
  const addressOf = (path: string) => `${server.url}/console${path}`;
  return {
    server,
    signInCodes,
    addressOf,
    open: (openOptions) => openPage(browser, server, openOptions),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function openPage(
  browser: Browser,
  server: TestServer,
  { key = server.keys.test, at = server.url, ...options }: OpenOptions = {},
): Promise<ConsolePage> {
  // Elements that fade in have too little contrast until they are visible.
  const context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(at) || /^(data|blob):/.test(request.url());
    if (!isOwn) faults.push(`requested ${request.url()}`);
  });
  if (key !== null) {
    const mode = key.startsWith('sk_live_') ? 'live' : 'test';
    const signIn = JSON.stringify({ mode, keys: { [mode]: key } });
    await page.addInitScript(
      `sessionStorage.getItem('greenroom.console.sign-in') ?? sessionStorage.setItem('greenroom.console.sign-in', ${JSON.stringify(signIn)})`,
    );
  }
  return {
    page,
    faults,
    async goTo(path) {
      await page.goto(`${at}/console${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    },
    async problems() {
      const excess = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      // A colour that is changing has less contrast. A spinner never finishes.
      await page.evaluate(`Promise.allSettled(
        document.getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
          .map(({ finished }) => finished))`);
      // The browser's own evaluation is not subject to the policy of the page.
      await page.evaluate(AXE);
      const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
      const found = violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`);
      return excess > 0 ? [...found, `${excess} px too wide`] : found;
    },
    async shot(name, isWhole = true) {
      const folder = process.env['CONSOLE_SHOTS'] ?? '';
      if (folder === '') return;
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: isWhole });
    },
    close: () => context.close(),
  };
}
