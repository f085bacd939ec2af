import { openDatabase } from '@greenroom/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { readyAvatar } from '../harness/avatars.ts';
import { createSession, endSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { registerWorker } from '../harness/worker.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test.each([1, 2, 3, 4])(
  'a process with %i connections serves concurrent requests, claims and uploads',
  async (poolSize) => {
    const database = openDatabase(server.databaseUrl, { poolSize, applicationName: 'greenroom-small' });
    const small = await server.another({ database });
    const worker = await registerWorker(small);
    const claiming = worker.claim(20);
    const sessions = await Promise.all(Array.from({ length: 8 }, () => createSession(small)));
    expect(await claiming).not.toBeNull();
    expect((await readyAvatar(small)).status).toBe('ready');
    await Promise.all(sessions.map(({ id }) => endSession(small, id)));
    await small.close();
    await database.close();
  },
);
