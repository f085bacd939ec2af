import { setTimeout as delay } from 'node:timers/promises';

import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { createWebhookOrg } from '../harness/webhook-org.ts';
import { startReceiver, type WebhookReceiver } from '../harness/webhook-receiver.ts';

/** An endpoint releases its slot after 5 s if others wait. */
const MAX_WAIT_MS = 12_000;
const EVENT_TYPES = { event_types: ['session.canceled'] };

let server: TestServer;
let receiver: WebhookReceiver;

beforeAll(async () => {
  server = await startTestServer({ webhooks: { allowLoopback: true, maxWorking: 1 } });
  receiver = await startReceiver();
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});

test('endpoints that wait for the slot of one with steady events get it in turn', async () => {
  const busy = await createWebhookOrg(server, receiver);
  await busy.createEndpoint('/busy', EVENT_TYPES);
  const quiet = await createWebhookOrg(server, receiver);
  const paths = ['/first', '/second', '/third'];
  for (const path of paths) await quiet.createEndpoint(path, EVENT_TYPES);
  const arrivals = (path: string) => receiver.received.filter((each) => each.path === path).length;
  // All endpoints are known to work.
  await Promise.all([busy.endSession(), quiet.endSession()]);
  await until(() => ['/busy', ...paths].every((path) => arrivals(path) === 1));

  const over = new AbortController();
  const load = (async () => {
    while (!over.signal.aborted) {
      await busy.endSession();
      await delay(10);
    }
  })();
  await until(() => arrivals('/busy') > 10);
  await quiet.endSession();
  try {
    await until(() => paths.every((path) => arrivals(path) === 2), MAX_WAIT_MS);
  } finally {
    over.abort();
    await load;
  }
  expect(arrivals('/busy')).toBeGreaterThan(10);
}, 60_000);
