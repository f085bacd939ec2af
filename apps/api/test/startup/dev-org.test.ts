import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { hashSecret } from '../../src/authentication/key-secret.ts';
import { ensureDevOrg } from '../../src/startup/dev-org.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let dataDir: string;
beforeAll(async () => {
  server = await startTestServer();
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-dev-'));
}, 60_000);
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('a key of dev.json is kept while it is usable, and replaced when it has expired', async () => {
  const ensured = () => ensureDevOrg(server.serverDatabase, dataDir, server.url);
  const first = await ensured();
  expect(await ensured()).toEqual(first);
  const secretHash = new Uint8Array(hashSecret(first.test_key));
  await server.database.prisma.apiKey.updateMany({ where: { secretHash }, data: { expiresAt: new Date(0) } });
  const second = await ensured();
  expect(second.live_key).toBe(first.live_key);
  expect(second.test_key).not.toBe(first.test_key);
  expect((await server.request('/v1/sessions', { key: second.test_key })).status).toBe(200);
});
