import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { createSession, read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { startReceiver, type WebhookReceiver } from '../harness/webhook-receiver.ts';

const HANGING_ORGS = 9;
const ENDPOINTS_OF_ORG = 16;
const MAX_ENDPOINTS_OF_ORG = 8;
/** Shorter than the 15 s for which an endpoint that hangs keeps its slot. */
const MAX_DELAY_MS = 5_000;

let server: TestServer;
let receiver: WebhookReceiver;
beforeAll(async () => {
  server = await startTestServer({ webhooks: { allowLoopback: true } });
  receiver = await startReceiver();
});
afterAll(async () => {
  // The hanging attempts end with their connections.
  await receiver.close();
  await server.close();
});

const endSession = async (key: string) => {
  const { id } = await createSession(server, {}, key);
  await read(server.request(`/v1/sessions/${id}/end`, { method: 'POST', key }));
  return id;
};
const createEndpoint = (key: string, path: string) =>
  read<Schemas['WebhookEndpoint']>(
    server.request('/v1/webhook_endpoints', {
      method: 'POST',
      key,
      json: { url: receiver.url + path, event_types: ['session.canceled'] },
    }),
  );

test('hanging new endpoints of many organisations delay neither a working nor another new one', async () => {
  const healthy = (await server.createOrg({ id: 'healthy', credits: 1_000_000 })).test;
  await createEndpoint(healthy, '/healthy');
  const arrival = async (id: string, path: string) => {
    const endedAtMs = performance.now();
    return (await receiver.next((each) => each.path === path && each.body.includes(id))).atMs - endedAtMs;
  };
  await arrival(await endSession(healthy), '/healthy');

  const hanging = new Map<string, number>();
  let mostOfOrg = 0;
  receiver.respond = (response, { path }) => {
    const [, org = ''] = path.split('/hangs/');
    if (org === '') {
      response.writeHead(204).end();
      return;
    }
    hanging.set(org, (hanging.get(org) ?? 0) + 1);
    mostOfOrg = Math.max(mostOfOrg, hanging.get(org) ?? 0);
    response.once('close', () => hanging.set(org, (hanging.get(org) ?? 0) - 1));
  };
  await Promise.all(
    Array.from({ length: HANGING_ORGS }, async (_, org) => {
      const key = (await server.createOrg({ id: `hangs-${org}`, credits: 1_000_000 })).test;
      for (let count = 0; count < ENDPOINTS_OF_ORG; count += 1) await createEndpoint(key, `/hangs/${org}`);
      await endSession(key);
    }),
  );
  // The number of attempts at new endpoints before the first of these count as hanging.
  await until(() => [...hanging.values()].reduce((sum, count) => sum + count, 0) >= 32);
  const delays: number[] = [];
  for (let session = 0; session < 10; session += 1) {
    delays.push(await arrival(await endSession(healthy), '/healthy'));
  }
  const fresh = (await server.createOrg({ id: 'new', credits: 1_000_000 })).test;
  await createEndpoint(fresh, '/new');
  delays.push(await arrival(await endSession(fresh), '/new'));
  expect(Math.max(...delays)).toBeLessThan(MAX_DELAY_MS);
  expect(mostOfOrg).toBeLessThanOrEqual(MAX_ENDPOINTS_OF_ORG);
}, 60_000);
