import { setTimeout as delay } from 'node:timers/promises';

import { createSession, endSession, read } from '@greenroom/api/testing/responses';
import { idAt } from '@greenroom/api/testing/rows';
import { reasonWithout, skippable, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page, Route } from 'playwright-core';

import { startConsole, type ConsoleUnderTest } from '../harness/console.ts';

const STORED = 'greenroom.console.sign-in';

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;
let tested: ConsoleUnderTest;

beforeAll(async () => {
  if (skipReason === '') tested = await startConsole({ webhooks: { allowLoopback: true } });
});
afterAll(async () => {
  if (skipReason === '') await tested.close();
});

const unavailable = (route: Route) =>
  route.fulfill({
    status: 503,
    json: { error: { type: 'unavailable', code: 'unavailable', message: 'It is down for a moment.' } },
  });

const kept = (page: Page) => page.evaluate<string | null>(`localStorage.getItem('${STORED}')`);

suite(skippable('the console in trouble', skipReason), () => {
  test('a dialog stays open while a new secret is requested, and Escape does not close the secret', async () => {
    const { page, goTo, close } = await tested.open();
    await tested.server.request('/v1/webhook_endpoints', {
      method: 'POST',
      json: { url: 'http://127.0.0.1:9/' },
    });
    await goTo('/developers/webhooks');
    await page.locator('a.row').first().click();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/rotate_secret', async (route) => {
      await released;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    const question = page.getByRole('alertdialog', { name: 'Rotate the secret?' });
    await question.getByRole('button', { name: 'Rotate secret' }).click();
    const cancel = question.getByRole('button', { name: 'Cancel', disabled: true });
    await cancel.waitFor();
    await page.keyboard.press('Escape');
    await delay(300);
    expect(await cancel.isVisible()).toBe(true);
    release();
    const secret = page.getByText(/^whsec_/);
    await secret.waitFor();
    await page.keyboard.press('Escape');
    await delay(300);
    expect(await secret.isVisible()).toBe(true);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await secret.waitFor({ state: 'detached' });
    await close();
  });

  test('a key is rotated only with the scopes that the current key has', async () => {
    const { secret: own } = await tested.server.createKey({ scopes: ['keys:admin', 'sessions:read'] });
    await tested.server.request('/v1/api_keys', {
      method: 'POST',
      json: { name: 'Writer', scopes: ['sessions:read', 'sessions:write'] },
    });
    const { page, goTo, close } = await tested.open({ key: own });
    await goTo('/developers');
    await page.getByRole('button', { name: 'Rotate Writer' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('sessions:read').isChecked()).toBe(true);
    expect(await dialog.getByLabel('sessions:write').isChecked()).toBe(false);
    await dialog.getByText('will not have sessions:write').waitFor();
    await close();
  });

  test('an older page that fails shows why and is not requested repeatedly', async () => {
    for (let count = 0; count < 60; count += 1) await createSession(tested.server);
    const { page, goTo, close } = await tested.open();
    let requests = 0;
    await page.route(/\/v1\/events\?.*starting_after/, async (route) => {
      requests += 1;
      await unavailable(route);
    });
    await goTo('/developers/events');
    await page.getByRole('button', { name: 'Show older events' }).scrollIntoViewIfNeeded();
    await page.getByRole('alert').getByText('It is down for a moment.').waitFor();
    const before = requests;
    await delay(1_500);
    expect(requests).toBe(before);
    await page.unroute(/\/v1\/events\?.*starting_after/);
    const rows = await page.locator('a.row').count();
    await page.getByRole('button', { name: 'Show older events' }).click();
    await until(async () => (await page.locator('a.row').count()) > rows);
    await close();
  });

  test('the address opens an event from a page that was not loaded, with a link to its object', async () => {
    const { data } = await read<{ data: { id: string; data: { object: { id: string } } }[] }>(
      tested.server.request('/v1/events?limit=100'),
    );
    const oldest = data.at(-1);
    const { page, goTo, faults, shot, close } = await tested.open();
    await goTo(`/developers/events?event=${oldest?.id ?? ''}`);
    await page.getByRole('region', { name: oldest?.id ?? '' }).waitFor();
    await shot('event-older', false);
    await page.getByRole('link', { name: oldest?.data.object.id ?? '', exact: true }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(page.url()).toContain(`/sessions/${oldest?.data.object.id ?? ''}`);
    expect(faults).toEqual([]);
    await close();
  });

  test('the address opens a delivery from a page that was not loaded', async () => {
    const { test: key } = await tested.server.createOrg({ id: 'deliveries' });
    const post = (path: string, json: object) =>
      read<{ id: string }>(tested.server.request(path, { method: 'POST', json, key }));
    const endpoint = await post('/v1/webhook_endpoints', { url: 'http://127.0.0.1:9/' });
    const { id } = await post(`/v1/webhook_endpoints/${endpoint.id}/test`, {});
    const { prisma } = tested.server.database;
    const row = await prisma.webhookDelivery.findFirstOrThrow({ where: { id } });
    const later = Array.from({ length: 60 }, (_, serial) => ({
      ...{ ...row, id: idAt('whd', new Date(Date.now() + 60_000), serial) },
      ...{ status: 'canceled', attempts: [], nextAttemptAt: null, sample: row.sample ?? {} },
    }));
    await prisma.webhookDelivery.createMany({ data: later });
    const { page, goTo, close } = await tested.open({ key });
    await goTo(`/developers/webhooks/${endpoint.id}?delivery=${id}`);
    await page.getByText(id).waitFor();
    expect(await page.locator('a.row').count()).toBe(51);
    await page.getByRole('button', { name: 'Show older deliveries' }).click();
    await until(async () => (await page.locator('a.row').count()) === 61);
    await page.getByText(id).waitFor();
    await close();
  });

  test('sessions are filtered by any avatar, however many there are', async () => {
    const { test: key } = await tested.server.createOrg({ id: 'avatars' });
    const shared = { orgId: 'avatars', mode: 'test', status: 'ready', runtimeType: 'simulator' };
    const ids = Array.from({ length: 120 }, (_, serial) => idAt('av', new Date(), serial));
    await tested.server.database.prisma.avatar.createMany({
      data: ids.map((id, serial) => ({ ...shared, id, name: `Avatar ${serial}` })),
    });
    const { page, goTo, close } = await tested.open({ key });
    await goTo('/sessions');
    await page.getByRole('option', { name: 'Avatar 0', exact: true }).waitFor({ state: 'attached' });
    await page.getByLabel('Avatar').selectOption('Avatar 0');
    await until(() => page.url().includes(`avatar_id=${ids[0] ?? ''}`));
    await close();
  });

  test('data stays on the page when it cannot be refreshed, and the page says so', async () => {
    await createSession(tested.server);
    const { page, goTo, close } = await tested.open();
    await goTo('/');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.route('**/v1/sessions?*', unavailable);
    await createSession(tested.server);
    await page.getByText('Not up to date. It is down for a moment.').first().waitFor();
    await close();
  });

  test('a page whose stream is held back polls every few seconds', async () => {
    const { page, goTo, close } = await tested.open();
    await page.route('**/v1/events/stream*', () => new Promise(() => undefined));
    await goTo('/developers/events');
    await page.getByText('Refreshed every few seconds.').waitFor();
    await createSession(tested.server);
    const id = tested.server.request('/v1/events?limit=1').then(async (response) => {
      const { data } = (await response.json()) as { data: { data: { object: { id: string } } }[] };
      return data[0]?.data.object.id ?? '';
    });
    await page
      .locator('a.row', { hasText: await id })
      .first()
      .waitFor();
    await page.getByText('Every 5 s').waitFor();
    await page.route('**/v1/**', unavailable);
    await page.locator('.live', { hasText: 'Not connected' }).waitFor();
    await close();
  });

  test('changes made while the stream opens are shown once it is open', async () => {
    const { test: key } = await tested.server.createOrg({ id: 'opening' });
    const { page, goTo, close } = await tested.open({ key });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/v1/events/stream*', async (route) => {
      await released;
      await route.continue();
    });
    await goTo('/developers/events');
    await page.getByText('No events yet.').waitFor();
    await page.getByText('Connecting', { exact: true }).waitFor();
    await createSession(tested.server, {}, key);
    release();
    await page.locator('a.row').first().waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await close();
  });

  test('a session that leaves the filter stays in place, is counted, and is removed on request or on the next visit', async () => {
    const { test: key } = await tested.server.createOrg({ id: 'leaving' });
    const first = await createSession(tested.server, {}, key);
    const second = await createSession(tested.server, {}, key);
    const { page, goTo, shot, close } = await tested.open({ key });
    await goTo('/sessions?status=%5B%22active%22%5D');
    const row = ({ id }: { id: string }) => page.getByRole('row', { name: id });
    await row(second).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await endSession(tested.server, first.id, key);
    await row(first).getByText('canceled').waitFor();
    await page.getByRole('button', { name: '1 no longer matches' }).waitFor();
    await shot('sessions-left', false);
    await page.getByRole('link', { name: 'Now' }).click();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    await page.goBack();
    await row(second).waitFor();
    await row(first).waitFor({ state: 'detached' });

    // The same without the stream, which is held back.
    await page.route('**/v1/events/stream*', () => new Promise(() => undefined));
    await page.reload();
    await row(second).waitFor();
    await page.getByText('Every 5 s').waitFor();
    await endSession(tested.server, second.id, key);
    await page.getByRole('button', { name: '1 no longer matches' }).click();
    await page.getByText('No matching sessions.').waitFor();
    await close();
  });

  test('a session whose status enters the filter is announced, even when newer ones are listed', async () => {
    const { test: key } = await tested.server.createOrg({ id: 'statuses' });
    const older = await createSession(tested.server, {}, key);
    const newer = await createSession(tested.server, {}, key);
    const end = (id: string) => tested.server.request(`/v1/sessions/${id}/end`, { method: 'POST', key });
    await end(newer.id);
    const { page, goTo, close } = await tested.open({ key });
    await goTo('/sessions?status=%5B%22canceled%22%5D');
    await page.locator(`a[href*="${newer.id}"]`).first().waitFor();
    await end(older.id);
    await page.getByRole('button', { name: /1 new session/ }).click();
    await page.locator(`a[href*="${older.id}"]`).first().waitFor();
    await close();
  });

  test('a session that could not be ended gets its status back, even when it cannot be read', async () => {
    const { id } = await createSession(tested.server);
    const { page, goTo, close } = await tested.open();
    await goTo(`/sessions/${id}`);
    await page.getByRole('button', { name: 'End session' }).click();
    const refused = { type: 'permission', code: 'api_key.scope_required', message: 'It is not allowed.' };
    await page.route(/\/v1\/sessions\//, (route) => route.fulfill({ status: 403, json: { error: refused } }));
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('The session was not ended. It is not allowed.').first().waitFor();
    await page.getByRole('button', { name: 'End session' }).waitFor();
    await close();
  });

  test('a day is typed with the keyboard', async () => {
    const { page, goTo, close } = await tested.open({ locale: 'en-US', timezoneId: 'UTC' });
    await goTo('/sessions');
    await page.getByLabel('From').focus();
    await page.keyboard.type('11272026', { delay: 30 });
    await until(() => page.url().includes('created_after'));
    expect(decodeURIComponent(page.url())).toContain('2026-11-27T00:00:00.000Z');
    expect(await page.getByLabel('From').inputValue()).toBe('2026-11-27');
    await close();
  });

  test('the keys of a tab are kept on the device only on request, and those of another tab stay', async () => {
    const { page, goTo, close } = await tested.open({ key: null });
    const { test: testKey, live } = tested.server.keys;
    const { secret: other } = await tested.server.createKey();
    await page.goto(tested.addressOf('/'));
    await page.evaluate(`
      localStorage.setItem('${STORED}', '${JSON.stringify({ mode: 'test', keys: { test: other } })}');
      sessionStorage.setItem('${STORED}', '${JSON.stringify({ mode: 'test', keys: { test: testKey, live } })}');`);
    await goTo('/');
    await page.getByRole('button', { name: 'Settings and sign out' }).click();
    await page.getByRole('menuitemradio', { name: 'Live mode' }).click();
    await until(async () =>
      (await page.evaluate<string>(`sessionStorage.getItem('${STORED}')`)).includes('"mode":"live"'),
    );
    expect(await kept(page)).not.toContain(live);
    await page.route('**/v1/limits', (route) =>
      route.fulfill({
        status: 401,
        json: { error: { type: 'authentication', code: 'api_key.invalid', message: 'The key is invalid.' } },
      }),
    );
    await page.reload();
    await page.getByText('The key is invalid.').first().waitFor();
    expect(await kept(page)).toContain(other);
    await close();
  });
});
