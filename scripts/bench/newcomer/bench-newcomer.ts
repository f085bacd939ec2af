import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { until } from '@greenroom/testing';
import { launchChromium } from '@greenroom/testing/browser';

import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { startCheckout } from './started-checkout.ts';

const STEP_TIMEOUT_MS = 120_000;
/** The console counts as idle when it had no long task for this long after it was interactive. */
const IDLE_MS = 2_000;
/** The mean difference of a colour between two pictures, of 255, that shows that the mouth has moved. */
const MOVED = 2;
/** Returns the part of the picture with a stock avatar's mouth. */
const MOUTH = `(() => {
  const part = new OffscreenCanvas(160, 120).getContext('2d');
  part.drawImage(document.querySelector('canvas'), 176, 300, 160, 120, 0, 0, 160, 120);
  return part.getImageData(0, 0, 160, 120).data;
})()`;
const REMEMBER_MOUTH = `(globalThis.before = ${MOUTH}).some((value) => value > 0)`;
const MOUTH_CHANGE = `${MOUTH}.reduce((sum, value, at) => sum + Math.abs(value - before[at]), 0) / before.length`;
const COUNT_LONG_TASKS = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries())).observe({ type: 'longtask', buffered: true });`;

interface Step {
  name: string;
  seconds: number;
}

/**
 * Measures a newcomer's first steps in this checkout, with installed packages: `start`, a speaking face in the
 * playground, the sample of the portal's home page with the printed key, and the console.
 */
export async function benchNewcomer({ signal, log }: BenchmarkOptions): Promise<BenchmarkResult> {
  const steps: Step[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    log(`${name} …`);
    const beganAtMs = performance.now();
    const result = await work();
    steps.push({ name, seconds: (performance.now() - beganAtMs) / 1_000 });
    return result;
  };

  await using started = await step('start prints its addresses', () => startCheckout(signal));
  await using browser = await launchChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  await step('the portal opens', () => page.goto(started.docsUrl));
  const sample = await page.locator('figure.code code').first().innerText();
  await step('the playground is ready', async () => {
    await page.getByRole('link', { name: 'Playground', exact: true }).first().click();
    await page.getByLabel('API key').fill(started.testKey);
    await page.getByLabel('API key').press('Tab');
    await page.getByText('Ready. Press Start.').waitFor();
  });
  await step('a face is on the screen', async () => {
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('Connected.').waitFor();
    await until(() => page.evaluate<boolean>(REMEMBER_MOUTH), STEP_TIMEOUT_MS);
  });
  await step('its mouth moves', async () => {
    await page.getByRole('button', { name: 'Hello! It is good to see you.' }).click();
    await until(async () => (await page.evaluate<number>(MOUTH_CHANGE)) > MOVED, STEP_TIMEOUT_MS);
  });
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByText('You ended it.').waitFor();
  const session = await step('the sample of the home page creates a session', async () => {
    const { stdout } = await promisify(execFile)('bash', ['-euc', sample], {
      env: { PATH: process.env['PATH'], GREENROOM_API_KEY: started.testKey },
    });
    return JSON.parse(stdout) as { id?: string };
  });

  const consolePage = await browser.newPage();
  consolePage.setDefaultTimeout(STEP_TIMEOUT_MS);
  await consolePage.addInitScript(COUNT_LONG_TASKS);
  await step('the console is signed in and shows that session', async () => {
    await consolePage.goto(started.consoleUrl);
    await consolePage.getByRole('link', { name: session.id ?? 'an id' }).waitFor();
  });
  const opened = await consolePage.evaluate<number>('performance.now()');
  await until(() => consolePage.evaluate<boolean>(`performance.now() > ${opened + IDLE_MS}`));
  const longTasks = await consolePage.evaluate<number[]>(
    `longTasks.filter(({ startTime }) => startTime > ${opened}).map(({ duration }) => duration)`,
  );
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    lines: [
      ...[...steps, { name: 'in all', seconds: total }].map(
        ({ name, seconds }) => `${name.padEnd(48)} ${seconds.toFixed(1).padStart(6)} s`,
      ),
      `long tasks of the console in the ${IDLE_MS / 1_000} s after that: ${longTasks.length}`,
    ],
    data: { steps, longTasks },
    problems: session.id === undefined ? ['The sample created no session.'] : [],
  };
}
