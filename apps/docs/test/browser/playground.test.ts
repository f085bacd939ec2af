import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startTestServer, type TestServer } from '@greenroom/api/testing';
import { freePort, reasonWithout, skippable, until } from '@greenroom/testing';
import { LAN_NAME, launchChromium } from '@greenroom/testing/browser';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page, WebSocketRoute } from 'playwright-core';

import {
  audioRecord,
  countBlobs,
  LISTEN,
  mouthChange,
  rememberMouth,
  SLEEP,
  toneWav,
  untilHeard,
  untilQuiet,
} from '../harness/call-page.ts';
import { startSimulator } from '../harness/simulator.ts';
import { startWorkerBehindProxy, type WorkerBehindProxy } from '../harness/worker-behind-proxy.ts';

const SITE = fileURLToPath(new URL('../../dist/site', import.meta.url));
const CONSOLE = fileURLToPath(new URL('../../../console/dist/site', import.meta.url));
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 390, height: 844 };
/** A speaking mouth differs more than this from one at rest. */
const OPEN = 2;
/** The number of records of pictures and sound that arrive in some seconds. */
const ASLEEP_RECORDS = 120;
const AVATAR_CALL = fileURLToPath(new URL('../../src/browser/playground/avatar-call.js', import.meta.url));
/** A page with only a call. */
const CALL_PAGE = `
  <canvas></canvas>
  <button>Start</button>
  <script type="module">
    import { AvatarCall } from './avatar-call.js';
    document.querySelector('button').onclick = () =>
      new AvatarCall(document.querySelector('canvas'), () => {}).connect({
        protocol: 'a',
        media_url: 'ws://call.test/',
        media_token: 'b',
      });
  </script>`;

// A session's process takes seconds to start, and many on a busy machine.
jest.setTimeout(180_000);

let folder: string;
let server: TestServer;
let worker: WorkerBehindProxy;
let browser: Browser;

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;

beforeAll(async () => {
  if (skipReason !== '') return;
  folder = await mkdtemp(join(tmpdir(), 'playground-'));
  await writeFile(join(folder, 'speech.wav'), toneWav());
  server = await startTestServer({ docsDir: SITE, consoleDir: CONSOLE });
  worker = await startWorkerBehindProxy({ url: server.url, key: server.keys.worker });
  browser = await launchChromium({ speech: join(folder, 'speech.wav') });
});
afterAll(async () => {
  if (skipReason !== '') return;
  await browser.close();
  await worker.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const status = (page: Page) => page.getByRole('status').first();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Opens the playground with a test key. */
async function openPlayground({
  host = '127.0.0.1',
  at = server,
  key = at.keys.test,
  ...options
}: BrowserContextOptions & { host?: string; at?: TestServer; key?: string } = {}): Promise<{
  context: BrowserContext;
  page: Page;
}> {
  const context = await browser.newContext(options);
  await context.addInitScript(LISTEN);
  const page = await context.newPage();
  const address = new URL('/docs/playground/', at.url);
  address.hostname = host;
  await page.goto(address.href);
  await page.getByLabel('API key').fill(key);
  await page.getByLabel('API key').press('Tab');
  return { context, page };
}

/** Starts a call by the keyboard. */
async function startCall(page: Page): Promise<void> {
  await page.getByLabel('API key').press('Enter');
  await status(page).getByText('Connected.').waitFor({ timeout: 60_000 });
}

async function problems(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run("main")');
  return violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`);
}

suite(skippable('the playground in a browser', skipReason), () => {
  test('an avatar speaks a clip and the microphone, is interrupted, and the call ends with its cost', async () => {
    const { context, page } = await openPlayground({ permissions: ['microphone'], viewport: PHONE });
    await page.getByRole('radio').nth(1).press(' ');
    await startCall(page);
    await rememberMouth(page);

    const clip = button(page, 'Take the second street on the left.');
    for (let times = 0; times < 3; times++) await clip.press('Enter');
    await untilHeard(page);
    await until(async () => (await mouthChange(page)) > OPEN);

    await button(page, 'Interrupt').press('Enter');
    await untilQuiet(page);
    await until(async () => (await mouthChange(page)) < OPEN);

    await button(page, 'Microphone').press('Enter');
    await status(page).getByText('The microphone is on.').waitFor();
    await untilHeard(page);
    await until(async () => (await mouthChange(page)) > OPEN);
    await button(page, 'Microphone').press('Enter');

    await button(page, 'End').press('Enter');
    await status(page).getByText('You ended it.').waitFor();
    await page.getByText('0, because test sessions are free').waitFor();
    expect(await button(page, 'Start').evaluate('document.activeElement.id')).toBe('start');
    await context.close();
  });

  test.each([
    ['refused', '127.0.0.1', 'Access to the microphone was denied.'],
    ['out of reach for an insecure page', LAN_NAME, 'Browsers allow the microphone only'],
  ])('a microphone that is %s is explained, and the call goes on', async (_what, host, said) => {
    const { context, page } = await openPlayground({ host });
    await startCall(page);
    await button(page, 'Microphone').click();
    await status(page).getByText(said).waitFor();
    await button(page, 'Hello! It is good to see you.').click();
    await untilHeard(page);
    await button(page, 'End').click();
    await status(page).getByText('You ended it.').waitFor();
    await context.close();
  });

  test('a lost connection is shown, and reconnects on request', async () => {
    const { context, page } = await openPlayground();
    await startCall(page);
    worker.cutConnections();
    await status(page).getByText('The connection was lost.').waitFor();
    await button(page, 'Reconnect').click();
    await status(page).getByText('Connected.').waitFor({ timeout: 60_000 });
    await button(page, 'Hello! It is good to see you.').click();
    await untilHeard(page);
    await button(page, 'End').click();
    await status(page).getByText('You ended it.').waitFor();
    await context.close();
  });

  test('a sleeping tab keeps few pictures, and plays speech on time after it wakes', async () => {
    const { context, page } = await openPlayground();
    await page.evaluate(SLEEP);
    let received = 0;
    page.on('websocket', (socket) => socket.on('framereceived', () => (received += 1)));
    await startCall(page);
    await rememberMouth(page);
    const clip = button(page, 'Hello! It is good to see you.');

    await page.evaluate('sleep()');
    received = 0;
    await clip.click();
    await until(() => Promise.resolve(received > ASLEEP_RECORDS));
    expect(await countBlobs(page)).toBeLessThan(10);

    await page.evaluate('wake()');
    await clip.click();
    await untilHeard(page);
    await until(async () => (await mouthChange(page)) > OPEN);
    expect(await page.evaluate<number>('Math.max(...delays)')).toBeLessThan(0.5);
    await button(page, 'End').click();
    await status(page).getByText('You ended it.').waitFor();
    await context.close();
  });

  test('late sound catches up in the noise of a quiet microphone', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route('http://call.test/**', (route) =>
      route.fulfill(
        route.request().url().endsWith('.js')
          ? { path: AVATAR_CALL, contentType: 'text/javascript' }
          : { contentType: 'text/html', body: CALL_PAGE },
      ),
    );
    let worker: WebSocketRoute | undefined;
    await page.routeWebSocket('ws://call.test/', (socket) => {
      worker = socket;
    });
    await page.goto('http://call.test/');
    await page.evaluate(SLEEP);
    await button(page, 'Start').click();
    const say = (seconds: number, loudness: number) => worker?.send(audioRecord(seconds, loudness));
    await until(() => page.evaluate<boolean>("players[0]?.state === 'running'"));
    await until(() => Promise.resolve(worker !== undefined));
    say(2, 8_000);
    for (let tenths = 0; tenths < 20; tenths++) say(0.1, 80);
    say(2, 8_000);
    await until(() => page.evaluate<boolean>('delays.length > 1'));
    // It waits for the two seconds of speech before it, but not for the two seconds of noise.
    expect(await page.evaluate<number>('delays.at(-1)')).toBeLessThan(3);
    expect(await page.evaluate<number>('delays.length')).toBe(2);
    await context.close();
  });

  test('a microphone requested twice opens once, is off when the network is lost, and does not outlive the page', async () => {
    const { context, page } = await openPlayground({ permissions: ['microphone'] });
    await page.evaluate(`
      window.streams = [];
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        const stream = await ask(constraints);
        window.streams.push(stream);
        return stream;
      };`);
    const liveTracks = () =>
      page.evaluate<number>(
        "streams.flatMap((stream) => stream.getTracks()).filter(({ readyState }) => readyState === 'live').length",
      );
    await startCall(page);
    await button(page, 'Microphone').dispatchEvent('click');
    await button(page, 'Microphone').dispatchEvent('click');
    await status(page).getByText('The microphone is on.').waitFor();
    expect(await liveTracks()).toBe(1);

    await page.route('**/v1/sessions/**', (route) => route.abort());
    worker.cutConnections();
    await button(page, 'Reconnect').waitFor();
    expect(await liveTracks()).toBe(0);
    await page.unroute('**/v1/sessions/**');
    await button(page, 'Reconnect').click();
    await status(page).getByText('Connected.').waitFor({ timeout: 60_000 });

    await button(page, 'Microphone').click();
    await status(page).getByText('The microphone is on.').waitFor();
    const leftAtMs = performance.now();
    await page.goto('about:blank');
    await until(async () => {
      const response = await server.request('/v1/sessions?limit=1');
      const { data } = (await response.json()) as { data: { status: string }[] };
      return data[0]?.status === 'ended';
    }, 60_000);
    expect(performance.now() - leftAtMs).toBeLessThan(20_000);
    await context.close();
  });

  test('a session that ends on its own is not shown as a lost connection', async () => {
    const { context, page } = await openPlayground();
    await page.route('**/v1/pipecat/sessions', (route, request) => {
      const body = request.postDataJSON() as object;
      return route.continue({ postData: { ...body, idle_timeout_seconds: 2 } });
    });
    await page.evaluate(`
      window.said = [];
      new MutationObserver(() => said.push(document.querySelector('#status').textContent))
        .observe(document.querySelector('#status'), { childList: true });`);
    await startCall(page);
    await status(page).getByText('No audio was received').waitFor();
    await page.getByText('0, because test sessions are free').waitFor();
    expect(await page.evaluate('said.join()')).not.toContain('lost');
    await context.close();
  });

  test('the page explains that there is no worker, or that the worker has crashed', async () => {
    const sessions = { leaseSeconds: 3, reportIntervalSeconds: 1 };
    const idle = await startTestServer({ docsDir: SITE, sessions: { ...sessions, joinDeadlineSeconds: 1 } });
    try {
      const { page } = await openPlayground({ at: idle });
      await page.getByLabel('API key').press('Enter');
      await status(page).getByRole('link', { name: 'About at_capacity' }).waitFor();
      expect(await button(page, 'Start').isVisible()).toBe(true);
      await page.context().close();

      const at = await idle.another({ sessions });
      const port = await freePort();
      const stop = await startSimulator({
        url: at.url,
        key: at.keys.worker,
        environment: {
          GREENROOM_RUNTIMES: 'livekit',
          GREENROOM_MEDIA_PORT: String(port),
          GREENROOM_MEDIA_URL: `ws://127.0.0.1:${port}`,
        },
        hasGroup: true,
      });
      const { context, page: call } = await openPlayground({ at });
      await startCall(call);
      await stop('SIGKILL');
      await status(call).getByText('The connection was lost.').waitFor();
      await status(call).getByText('The session has failed.').waitFor();
      await call.getByText('0, because test sessions are free').waitFor();
      await context.close();
    } finally {
      await idle.close();
    }
  });

  test('the console opens an avatar in the playground, with its own key', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.url}/console/avatars`);
    await page.getByLabel('API key').fill(server.keys.test);
    await button(page, 'Sign in').click();
    const card = page.getByRole('listitem').filter({ hasText: 'av_stock_003' });
    // As if the avatar were not among the first ones.
    await page.route('**/v1/avatars?limit=24', async (route) => {
      const response = await route.fetch();
      const list = (await response.json()) as { data: { id: string }[] };
      await route.fulfill({ json: { ...list, data: list.data.filter(({ id }) => id !== 'av_stock_003') } });
    });
    await card.getByRole('link', { name: 'in the playground' }).click();
    await status(page).getByText('Ready.').waitFor();
    expect(await page.getByRole('radio', { checked: true }).inputValue()).toBe('av_stock_003');
    expect(page.url()).not.toContain(server.keys.test);
    await startCall(page);
    const response = await server.request('/v1/sessions?limit=1');
    expect(await response.json()).toMatchObject({ data: [{ avatar_id: 'av_stock_003' }] });
    await button(page, 'End').click();
    await status(page).getByText('You ended it.').waitFor();

    // Without the console's key, the entered one is used again, also in the reference.
    await page.evaluate("sessionStorage.removeItem('greenroom.console.sign-in')");
    await page.goto(`${server.url}/docs/playground/?avatar=av_nobody`);
    await page.getByLabel('API key').fill(server.keys.live);
    await page.getByLabel('API key').press('Tab');
    await status(page).getByRole('link', { name: 'About avatar.not_found' }).waitFor();
    expect(await page.getByRole('radio').count()).toBeGreaterThan(2);
    await page.goto(`${server.url}/docs/reference/`);
    await until(async () => (await page.getByPlaceholder('Token').first().inputValue()) === server.keys.live);
    await context.close();
  });

  test('an error of the API is shown with a link to its page', async () => {
    const { context, page } = await openPlayground({ key: 'sk_test_unknown' });
    await page.getByLabel('API key').press('Enter');
    await status(page).getByRole('link').click();
    await page.waitForURL(/\/docs\/errors\/[\w.]+\/$/);
    await context.close();
  });

  test('axe finds no problem during and after a call, in light and dark', async () => {
    // Axe is not from this origin.
    const { context, page } = await openPlayground({ bypassCSP: true });
    const found: string[] = [];
    const check = async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await problems(page)));
      }
    };
    await startCall(page);
    await check();
    await button(page, 'End').click();
    await page.getByText('0, because').waitFor();
    await check();
    expect(found).toEqual([]);
    await context.close();
  });

  test('the guide’s files, saved in a folder, make a page with a speaking avatar', async () => {
    const context = await browser.newContext({ permissions: ['microphone'] });
    await context.addInitScript(LISTEN);
    const page = await context.newPage();
    await page.goto(`${server.url}/docs/guides/see-an-avatar/`);
    for (const figure of await page.locator('figure.code').all()) {
      const name = await figure.locator('figcaption span').innerText();
      if (!/\.\w+$/.test(name)) continue;
      await writeFile(join(folder, name), (await figure.locator('code').textContent()) ?? '');
    }
    const child = spawn(process.execPath, ['server.mjs'], {
      cwd: folder,
      env: { GREENROOM_URL: server.url, GREENROOM_API_KEY: server.keys.test, PORT: '0' },
    });
    try {
      const [address] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
      await page.goto(address.trim());
      await button(page, 'Start').click();
      await status(page).getByText('ready').waitFor();
      await button(page, 'Talk').click();
      await untilHeard(page);
      await button(page, 'End').click();
      await status(page).getByText('closed').waitFor();
    } finally {
      child.kill();
      await once(child, 'close');
    }
    await context.close();
  });
});
