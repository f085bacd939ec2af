import { setTimeout as delay } from 'node:timers/promises';

import { createSession } from '@greenroom/api/testing/responses';
import { startReceiver, type WebhookReceiver } from '@greenroom/api/testing/webhook-receiver';
import { reasonWithout, skippable } from '@greenroom/testing';
import { LAN_NAME } from '@greenroom/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { DESK, PHONE, startConsole, type ConsoleUnderTest } from '../harness/console.ts';

const skipReason = reasonWithout('BROWSER');
const suite = skipReason === '' ? describe : describe.skip;
let tested: ConsoleUnderTest;
let receiver: WebhookReceiver;

beforeAll(async () => {
  if (skipReason !== '') return;
  tested = await startConsole({ webhooks: { allowLoopback: true } });
  receiver = await startReceiver();
});
afterAll(async () => {
  if (skipReason !== '') return;
  await tested.close();
  await receiver.close();
});

suite(skippable('the page for developers', skipReason), () => {
  test('a key is created with its secret shown once, rotated while in use, and revoked', async () => {
    const { secret: own } = await tested.server.createKey();
    const { page, faults, goTo, problems, shot, close } = await tested.open({ key: own });
    await goTo('/developers');
    await page.getByRole('button', { name: 'Create key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Agent');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.locator('.choices .problem:not(:empty)').waitFor();
    await shot('keys-problem', false);
    expect(await problems()).toEqual([]);
    await dialog.getByLabel('sessions:read').check();
    await dialog.getByRole('button', { name: 'Create key' }).click();
    const shown = page.getByRole('alertdialog');
    const secret = await shown.locator('.secret code').innerText();
    await shot('keys-secret', false);
    expect(await problems()).toEqual([]);
    expect((await tested.server.request('/v1/sessions', { key: secret })).status).toBe(200);
    await shown.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('button', { name: 'Revoke Agent' }).click();
    await shown.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByRole('button', { name: 'Revoke Agent' }).waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(secret);
    expect((await tested.server.request('/v1/sessions', { key: secret })).status).toBe(401);

    const row = page.getByRole('listitem').filter({ hasText: 'in use here' });
    await row.getByRole('button', { name: /Rotate/ }).click();
    await dialog.getByLabel('Name').fill('Rotated');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await shown.getByRole('button', { name: 'Revoke the old key' }).click();
    await row.filter({ hasText: 'Rotated' }).waitFor();
    await page.reload();
    await row.filter({ hasText: 'Rotated' }).waitFor();
    expect((await tested.server.request('/v1/sessions', { key: own })).status).toBe(401);
    expect(faults.filter((fault) => !/40[13]|422/.test(fault))).toEqual([]);
    await close();
  });

  test('a test event reaches a new endpoint, and its attempt and response are shown', async () => {
    receiver.respond = (response) => response.writeHead(500).end('The queue is full.');
    const { page, faults, goTo, problems, shot, close } = await tested.open();
    await goTo('/developers/webhooks');
    await page.getByRole('button', { name: 'Create endpoint' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('URL').fill('ftp://example.com');
    await dialog.getByRole('button', { name: 'Create endpoint' }).click();
    await dialog.locator('.field .problem:not(:empty)').waitFor();
    await shot('endpoint-problem', false);
    await dialog.getByLabel('URL').fill(`${receiver.url}/greenroom`);
    await dialog.getByRole('button', { name: 'Create endpoint' }).click();
    await page
      .getByRole('alertdialog')
      .getByText(/^whsec_/)
      .waitFor();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('button', { name: 'Send test event' }).click();
    await dialog.getByLabel('Type').selectOption('session.ended');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Status 500').first().waitFor();
    await page.getByText('The queue is full.').first().waitFor();
    expect(receiver.received[0]?.body).toContain('session.ended');
    await dialog.waitFor({ state: 'detached' });
    expect(await problems()).toEqual([]);
    await shot('endpoint');
    // The second attempt follows in seconds, the third in minutes, so polling slows down in between.
    await page.getByText('2 attempts').waitFor();
    let requests = 0;
    page.on('request', (request) => {
      if (request.url().includes('/deliveries')) requests += 1;
    });
    await delay(3_000);
    expect(requests).toBeLessThan(2);
    receiver.respond = (response) => response.writeHead(204).end();
    await page.getByRole('button', { name: 'Redeliver' }).click();
    await page.getByText('Status 204').waitFor();
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
    await close();
  });

  test('an endpoint is edited, disabled, enabled and deleted, and its secret is copied over plain HTTP', async () => {
    const at = tested.server.url.replace('127.0.0.1', LAN_NAME);
    const { page, faults, goTo, close } = await tested.open({ at });
    await goTo('/developers/webhooks');
    expect(await page.evaluate('isSecureContext')).toBe(false);
    await page.getByRole('button', { name: 'Create endpoint' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('URL').fill(`${receiver.url}/second`);
    await dialog.getByRole('button', { name: 'Create endpoint' }).click();
    const shown = page.getByRole('alertdialog');
    const secret = await shown.locator('.secret code').innerText();
    await shown.getByRole('button', { name: 'Copy the secret' }).click();
    await shown.getByText('Copied').waitFor();
    await shown.getByRole('button', { name: 'I have stored it' }).click();

    await page.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByLabel('Description').focus();
    await page.keyboard.press('ControlOrMeta+v');
    expect(await dialog.getByLabel('Description').inputValue()).toBe(secret);
    await dialog.getByLabel('Description').fill('The second one');
    await dialog.getByLabel('session.ended').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The second one').waitFor();
    expect(await page.getByRole('group', { name: 'Events' }).innerText()).toBe('session.ended');
    await page.getByRole('button', { name: 'Disable' }).click();
    await shown.getByRole('button', { name: 'Disable endpoint' }).click();
    await page.getByText('You disabled it. Nothing is sent.').waitFor();
    expect(await page.getByRole('button', { name: 'Send test event' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Enable' }).click();
    await shown.getByRole('button', { name: 'Enable endpoint' }).click();
    await page.getByText('You disabled it. Nothing is sent.').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Delete' }).click();
    await shown.getByRole('button', { name: 'Delete endpoint' }).click();
    await page.getByText('The endpoint was deleted.').first().waitFor();
    await page.getByRole('link', { name: /second/ }).waitFor({ state: 'detached' });
    // Except the warning about the header that has no effect without TLS.
    expect(faults.filter((fault) => !fault.startsWith('The Cross-Origin-Opener-Policy header'))).toEqual([]);
    await close();
  });

  test('an event appears in the log as it happens, and opens as JSON', async () => {
    const { page, faults, goTo, problems, shot, close } = await tested.open();
    await goTo('/developers/events?type=%5B%22session.queued%22%5D');
    await page.getByText('No matching events.').waitFor();
    await createSession(tested.server);
    await page.getByRole('link', { name: /^session.queued/ }).click();
    await page.getByRole('region', { name: /^evt_/ }).waitFor();
    expect(page.url()).toContain('event=evt_');
    expect(await problems()).toEqual([]);
    await shot('event');
    expect(faults).toEqual([]);
    await close();
  });

  test.each([
    ['light', { viewport: DESK, colorScheme: 'light' }],
    ['dark', { viewport: DESK, colorScheme: 'dark' }],
    ['phone', { viewport: PHONE, colorScheme: 'light' }],
  ] as const)('every part is accessible and fits: %s', async (name, options) => {
    const { page, faults, goTo, problems, shot, close } = await tested.open(options);
    for (const part of ['', '/webhooks', '/events', '/limits']) {
      await goTo(`/developers${part}`);
      expect([part, await problems()]).toEqual([part, []]);
      await shot(`developers${part.replace('/', '-')}-${name}`);
    }
    await goTo('/developers/webhooks');
    await page.locator('a.row').first().click();
    await page.getByRole('button', { name: 'Rotate secret' }).waitFor();
    await page.getByRole('link', { name: /^session.ended/ }).click();
    await page.getByText('Status 500').first().waitFor();
    expect(await problems()).toEqual([]);
    await shot(`endpoint-${name}`);
    expect(faults).toEqual([]);
    await close();
  });

  test('each section names the scope that the key lacks', async () => {
    const { secret } = await tested.server.createKey({ scopes: ['usage:read'] });
    const { page, goTo, problems, close } = await tested.open({ key: secret });
    for (const [path, scope] of [
      ['/developers', 'keys:admin'],
      ['/developers/webhooks', 'webhooks:read'],
      ['/developers/events', 'sessions:read'],
    ] as const) {
      await goTo(path);
      await page.getByRole('alert').filter({ hasText: scope }).waitFor();
      expect(await problems()).toEqual([]);
    }
    await close();
  });
});
