import { postAvatar } from '@greenroom/api/testing/avatars';
import { createSession, read } from '@greenroom/api/testing/responses';
import { reasonWithout, skippable, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

import { PHONE, startConsole, type ConsolePage, type ConsoleUnderTest } from '../harness/console.ts';

const DAY_MS = 86_400_000;

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;
let tested: ConsoleUnderTest;

beforeAll(async () => {
  if (skipReason !== '') return;
  // The session stays queued while the test visits the pages.
  const sessions = { joinDeadlineSeconds: 600, firstFrameDeadlineSeconds: 600 };
  tested = await startConsole({ sessions, webhooks: { allowLoopback: true } });
});
afterAll(async () => {
  if (skipReason === '') await tested.close();
});

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

const revoke = (id: string) => tested.server.request(`/v1/api_keys/${id}`, { method: 'DELETE' });
/** More than the number of focusable elements of a page. */
const MAX_TABS = 60;

/** Presses Tab until an element has the focus. */
async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  await target.waitFor();
  for (let presses = 0; presses < MAX_TABS; presses++) {
    if ((await page.locator(':focus').and(target).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target.toString()}`);
}

const modeOf = (page: Page, name: string) => page.locator('.mode', { hasText: name });

suite(skippable('keys of the console', skipReason), () => {
  test('the replacement of a key that expires has its expiry, unless another is chosen', async () => {
    const expires_at = new Date(Date.now() + 3 * DAY_MS).toISOString();
    await tested.server.request('/v1/api_keys', {
      method: 'POST',
      json: { name: 'Short', scopes: ['sessions:read'], expires_at },
    });
    const { page, goTo, shot, close } = await tested.open();
    await goTo('/developers');
    await page.getByRole('button', { name: 'Rotate Short' }).click();
    const dialog = page.getByRole('dialog');
    await shot('key-rotate', false);
    await dialog.getByLabel('Name').fill('Replacement');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('Replacement was created').waitFor();
    const { data } = await read<{ data: { name: string; expires_at: string | null }[] }>(
      tested.server.request('/v1/api_keys?limit=100'),
    );
    expect(data.find(({ name }) => name === 'Replacement')?.expires_at).toBe(expires_at);
    await close();
  });

  test('a read-only key sees unavailable actions disabled, with the scope that each needs', async () => {
    const { id } = await createSession(tested.server);
    await postAvatar(tested.server, { name: 'Anna' });
    const endpoint = await read<{ id: string }>(
      tested.server.request('/v1/webhook_endpoints', {
        method: 'POST',
        json: { url: 'http://127.0.0.1:9/' },
      }),
    );
    await tested.server.request(`/v1/webhook_endpoints/${endpoint.id}/test`, { method: 'POST', json: {} });
    const { secret } = await tested.server.createKey({ scopes: ['sessions:read', 'webhooks:read'] });
    const opened = await tested.open({ key: secret });
    const { page, goTo, problems, shot, close } = opened;
    const expectDisabled = async (scope: string, ...names: string[]) => {
      await page.getByText(`Your key lacks ${scope}`).waitFor();
      for (const name of names) {
        const button = page.getByRole('button', { name, exact: true }).first();
        expect([name, await button.isDisabled()]).toEqual([name, true]);
        const note = (await button.getAttribute('aria-describedby')) ?? '';
        expect(await page.locator(`#${note}`).innerText()).toContain(scope);
      }
    };
    await goTo(`/sessions/${id}`);
    await expectDisabled('sessions:write', 'End session');
    await opened.shot('session-read-only');
    expect(await opened.problems()).toEqual([]);
    await goTo('/avatars');
    await expectDisabled('avatars:write', 'Upload avatar', 'Delete Anna');
    await expectGoodLooks(opened, 'avatars-read-only');
    await goTo('/developers/webhooks');
    await expectDisabled('webhooks:write', 'Create endpoint');
    await page.locator('a.row').first().click();
    await page.getByRole('link', { name: /^ping/ }).click();
    const actions = ['Send test event', 'Edit', 'Disable', 'Rotate secret', 'Delete', 'Redeliver'];
    await expectDisabled('webhooks:write', ...actions);
    expect(await problems()).toEqual([]);
    await shot('endpoint-read-only');
    await close();
  });

  test('a notice announces that a key expires soon, and after its expiry another key opens the same page and filters', async () => {
    const { id, secret } = await tested.server.createKey({ expiresAt: new Date(Date.now() + 3.5 * DAY_MS) });
    const opened = await tested.open({ key: secret });
    const { page, goTo, close } = opened;
    await goTo('/sessions?status=%5B%22failed%22%5D');
    await page.getByText('Your key expires in 3 days').waitFor();
    await expectGoodLooks(opened, 'key-expires');
    await revoke(id);
    await page.getByRole('link', { name: 'Over' }).click();
    await page.getByText('You were signed out.').waitFor();
    await page.getByLabel('API key').fill(tested.server.keys.test);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('No matching sessions.').waitFor();
    expect(decodeURIComponent(page.url())).toContain('/sessions?status=["terminal"]');
    expect(await page.getByText('Your key expires').count()).toBe(0);
    await close();
  });

  test('a key of the other mode is added in the menu, and stays when the first is revoked', async () => {
    const { id, secret } = await tested.server.createKey();
    const opened = await tested.open({ key: secret });
    const { page, goTo, close } = opened;
    await goTo('/sessions');
    const menu = page.getByRole('button', { name: 'Settings and sign out' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Add a live key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('API key').fill(tested.server.keys.test);
    await dialog.getByRole('button', { name: 'Add key' }).click();
    await dialog.getByText('A live key begins with sk_live_.').waitFor();
    await opened.shot('add-key', false);
    expect(await opened.problems()).toEqual([]);
    await dialog.getByLabel('API key').fill(tested.server.keys.live);
    await dialog.getByRole('button', { name: 'Add key' }).click();
    await modeOf(page, 'Live mode').waitFor();
    await menu.click();
    await page.getByRole('menuitemradio', { name: 'Test mode' }).click();
    await modeOf(page, 'Test mode').waitFor();

    await revoke(id);
    await page.reload();
    await page.getByText('You were signed out of test mode.').waitFor();
    await opened.shot('sign-in-remaining');
    expect(await opened.problems()).toEqual([]);
    await page.getByRole('button', { name: 'Continue in live mode' }).click();
    await modeOf(page, 'Live mode').waitFor();
    await until(async () => (await page.getByRole('heading', { name: 'Sessions' }).count()) === 1);
    await close();
  });

  test('the keyboard suffices to sign in, end a session and create a key', async () => {
    const { id } = await createSession(tested.server);
    const { page, faults, close } = await tested.open({ key: null });
    const press = async (target: Locator, key = 'Enter') => {
      await tabTo(target);
      await page.keyboard.press(key);
    };
    await page.goto(tested.addressOf('/'));
    await tabTo(page.getByLabel('API key'));
    await page.keyboard.type(tested.server.keys.test);
    await page.keyboard.press('Enter');

    await press(page.getByRole('link', { name: 'Sessions', exact: true }));
    await press(page.getByRole('table').getByRole('link', { name: id }));
    await press(page.getByRole('button', { name: 'End session' }));
    await press(page.getByRole('button', { name: 'End it' }));
    await page.locator('h1').getByText('canceled', { exact: true }).waitFor();

    await press(page.getByRole('link', { name: 'Developers' }));
    await press(page.getByRole('button', { name: 'Create key' }));
    const dialog = page.getByRole('dialog');
    await tabTo(dialog.getByLabel('Name'));
    await page.keyboard.type('By keyboard');
    await press(dialog.getByLabel('sessions:read'), 'Space');
    await press(dialog.getByRole('button', { name: 'Create key' }));
    await press(page.getByRole('button', { name: 'I have stored it' }));
    await page.getByRole('button', { name: 'Revoke By keyboard' }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});
