import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { createSession, read, type List, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let own: string;

beforeAll(async () => {
  server = await startTestServer();
  own = (await createSession(server)).id;
});

afterAll(() => server.close());

const cursors: Record<string, () => Promise<string> | string> = {
  "another organisation's session": async () => {
    const other = await server.createOrg({ id: 'other' });
    return (await createSession(server, {}, other.test)).id;
  },
  'a session of the other mode': async () => (await createSession(server, {}, server.keys.live)).id,
  'a deleted session': async () => {
    const { id } = await createSession(server);
    await server.database.pool.query('DELETE FROM sessions WHERE id = $1', [id]);
    return id;
  },
  'a session that never was': () => 'sess_01KKGP79VG6A09Y83A35BZFNZE',
  'an event': async () => {
    const events = await server.request(`/v1/sessions/${own}/events`);
    return (await read<List<Schemas['SessionEvent']>>(events)).data[0]?.id ?? '';
  },
  'an API key': async () => (await server.createKey()).id,
  'an avatar': () => 'av_stock_001',
  'a session id in lower case': () => own.toLowerCase(),
  'a session id with a space after it': () => `${own} `,
  'no id at all': () => 'next',
  nothing: () => '',
};

test.each(Object.entries(cursors))('the id of %s is not a cursor', async (_name, cursor) => {
  const response = await server.request(`/v1/sessions?starting_after=${encodeURIComponent(await cursor())}`);
  expect(await errorOf(response)).toEqual({ status: 400, code: 'cursor.unknown', param: 'starting_after' });
});

test('a cursor that the filters exclude still marks the position', async () => {
  const older = own;
  const cursor = (await createSession(server)).id;
  const page = await read<List<Schemas['Session']>>(
    server.request(`/v1/sessions?starting_after=${cursor}&status=queued&created_before=2999-01-01T00:00:00Z`),
  );
  expect(page.data.map(({ id }) => id)).toEqual([older]);
});
