import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { createSession, postSession } from '../harness/responses.ts';
import { storedRows } from '../harness/stored-rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

type Fields = NonNullable<Parameters<typeof postSession>[1]>;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.createOrg({ id: 'other' });
  const avatar = { name: 'Mine', mode: 'test', runtimeType: 'livekit' } as const;
  await server.database.prisma.avatar.createMany({
    data: [
      { ...avatar, orgId: 'dev', id: 'av_processing', status: 'processing' },
      { ...avatar, orgId: 'dev', id: 'av_failed', status: 'failed', failureReason: 'No face was found.' },
      { ...avatar, orgId: 'other', id: 'av_foreign', status: 'ready' },
    ],
  });
});

afterAll(() => server.close());

describe('nothing is stored for', () => {
  let before: Record<string, number>;

  beforeEach(async () => {
    before = await storedRows(server.database);
  });

  afterEach(async () => {
    expect(await storedRows(server.database)).toEqual(before);
  });

  const json = (bytes: number) => ({ note: 'x'.repeat(bytes - '{"note":""}'.length) });
  const reserved = { status: 400, code: 'transport.unsupported', param: 'transport.type' };
  const table: [name: string, fields: Fields, expected: object][] = [
    ['the reserved transport websocket', { transport: { type: 'websocket' } }, reserved],
    ['the reserved transport pipecat', { transport: { type: 'pipecat' } }, reserved],
    [
      'a transport of an unknown type',
      { transport: { type: 'carrier_pigeon' } },
      { status: 422, code: 'body.invalid', param: 'transport.type' },
    ],
    [
      'an unencrypted address',
      { transport: { url: 'ws://rooms.example.com' } },
      { status: 400, code: 'transport.insecure_url', param: 'transport.url' },
    ],
    [
      'an address of another scheme',
      { transport: { url: 'https://rooms.example.com' } },
      { status: 422, code: 'body.invalid', param: 'transport.url' },
    ],
    [
      'a text that is not an address',
      { transport: { url: 'wss://[' } },
      { status: 422, code: 'body.invalid', param: 'transport.url' },
    ],
    [
      'an avatar that nobody has',
      { avatar_id: 'av_nobody' },
      { status: 404, code: 'avatar.not_found', param: 'avatar_id' },
    ],
    [
      "another organisation's avatar",
      { avatar_id: 'av_foreign' },
      { status: 404, code: 'avatar.not_found', param: 'avatar_id' },
    ],
    [
      'an avatar that is still being processed',
      { avatar_id: 'av_processing' },
      { status: 409, code: 'avatar.not_ready', param: 'avatar_id' },
    ],
    [
      'an avatar that failed',
      { avatar_id: 'av_failed' },
      { status: 409, code: 'avatar.not_ready', param: 'avatar_id' },
    ],
    [
      'metadata of 8193 bytes',
      { metadata: json(8193) },
      { status: 422, code: 'metadata.too_large', param: 'metadata' },
    ],
    [
      'metadata of 8193 bytes in fewer characters',
      { metadata: { note: `${json(8192).note.slice(1)}é` } },
      { status: 422, code: 'metadata.too_large', param: 'metadata' },
    ],
    [
      'an integer that JavaScript rounds',
      { metadata: { order: 2 ** 53 } },
      { status: 422, code: 'metadata.invalid_number', param: 'metadata.order' },
    ],
    [
      'a number that few JSON parsers keep exactly',
      { metadata: { order: -1e22 } },
      { status: 422, code: 'metadata.invalid_number', param: 'metadata.order' },
    ],
    [
      'an unknown simulation',
      { metadata: { simulate: 'worker_never_join' } },
      { status: 422, code: 'body.invalid', param: 'metadata.simulate' },
    ],
    [
      'metadata with a reserved key',
      { metadata: { '_avatar.mood': 'happy' } },
      { status: 422, code: 'body.invalid' },
    ],
    [
      'nested metadata',
      { metadata: { user: { id: 1 } } },
      { status: 422, code: 'body.invalid', param: 'metadata.user' },
    ],
    [
      'metadata with a list',
      { metadata: { tags: ['a'] } },
      { status: 422, code: 'body.invalid', param: 'metadata.tags' },
    ],
    ['a duration of zero', { max_duration_seconds: 0 }, { status: 422, param: 'max_duration_seconds' }],
    [
      'a duration of more than an hour',
      { max_duration_seconds: 3601 },
      { status: 422, param: 'max_duration_seconds' },
    ],
    ['half a second', { max_duration_seconds: 1.5 }, { status: 422, param: 'max_duration_seconds' }],
    ['an idle timeout of zero', { idle_timeout_seconds: 0 }, { status: 422, param: 'idle_timeout_seconds' }],
    [
      'too long an idle timeout',
      { idle_timeout_seconds: 601 },
      { status: 422, param: 'idle_timeout_seconds' },
    ],
    ['an unknown quality', { quality: 'ultra' }, { status: 422, param: 'quality' }],
  ];

  test.each(table)('%s', async (_name, fields, expected) => {
    const response = await postSession(server, fields, { headers: { 'Idempotency-Key': 'rejected' } });
    expect(await errorOf(response)).toMatchObject(expected);
  });
});

test('metadata of 8192 bytes is stored unchanged', async () => {
  const metadata = { note: 'x'.repeat(8192 - '{"note":""}'.length) };
  expect((await createSession(server, { metadata })).metadata).toEqual(metadata);
});

test('a metadata key that resembles a reserved one is stored', async () => {
  const metadata = { _avatar: 'a', 'x_avatar.mood': 'b', '_Avatar.mood': 'c' };
  expect((await createSession(server, { metadata })).metadata).toEqual(metadata);
});
