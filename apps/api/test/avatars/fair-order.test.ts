import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { createAvatar } from '../../src/avatars/avatar-service.ts';
import { postAvatar, settledAvatar, type Avatar } from '../harness/avatars.ts';
import { plainImage } from '../harness/images.ts';
import { read } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let busy: string;
/** Decoding it takes longer than any other part of a request, just enough to observe the order. */
let image: Buffer;

beforeAll(async () => {
  server = await startTestServer();
  busy = (await server.createOrg({ id: 'busy' })).test;
  image = await plainImage('png', { width: 3000, height: 3000 });
  // Starts both decoders, which takes longer than the rest of the test.
  const uploads = [postAvatar(server, { image }), postAvatar(server, { image }, { key: busy })];
  await Promise.all((await Promise.all(uploads)).map((response) => read<Avatar>(response)));
});
afterAll(() => server.close());

const BURST = 12;

test('an upload does not wait for all the uploads of another organisation', async () => {
  let done = 0;
  const burst = Array.from({ length: BURST }, async () => {
    const response = await postAvatar(server, { image }, { key: busy });
    done += 1;
    return response.status;
  });
  // The first of the burst has been checked, so the others wait.
  await Promise.race(burst);
  expect((await postAvatar(server)).status).toBe(202);
  expect(done).toBeLessThan(BURST / 2);
  expect(new Set(await Promise.all(burst))).toEqual(new Set([202]));
});

test('a portrait does not wait for all the portraits of another organisation', async () => {
  const mode = 'test' as const;
  await server.database.transaction(async (tx) => {
    for (let count = 0; count < BURST; count += 1) {
      await createAvatar(tx, { orgId: 'busy', mode }, { name: 'One of many', image: new Uint8Array(image) });
    }
  });
  const { id } = await read<Avatar>(postAvatar(server));
  expect((await settledAvatar(server, id)).status).toBe('ready');
  const waiting = await server.database.prisma.avatar.count({
    where: { orgId: 'busy', status: 'processing' },
  });
  expect(waiting).toBeGreaterThan(BURST / 2);
});
