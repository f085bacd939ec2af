import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { postSession } from '../harness/responses.ts';
import { storedRows } from '../harness/stored-rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

type Fields = NonNullable<Parameters<typeof postSession>[1]>;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** Returns a token with an invalid signature, which the server has no secret to verify. */
function forge(claims: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(claims)}.c2lnbmF0dXJlLW9mLXNvbWVib2R5`;
}

const JOIN = { roomJoin: true };
const token = (worker_token: string): Fields => ({ transport: { worker_token } });
const inRoom = (room: string, claims: object): Fields => ({
  room,
  transport: { worker_token: forge({ video: { ...JOIN, room }, ...claims }) },
});

const faults: [fault: string, code: string, fields: Fields][] = [
  ['that is not a JSON Web Token', 'malformed', token('abc-def-secret')],
  ['of two parts', 'malformed', token(forge({ video: JOIN }).split('.').slice(0, 2).join('.'))],
  ['with a scheme before it', 'malformed', token(`Bearer ${forge({ video: JOIN })}`)],
  ['with a line break after it', 'malformed', token(`${forge({ video: JOIN })}\n`)],
  ['without a signature', 'malformed', token(forge({ video: JOIN }).replace(/[^.]*$/, ''))],
  ['with a header that is not JSON', 'malformed', token(forge({ video: JOIN }).replace(/^[^.]*/, 'garbage'))],
  ['with claims that are not JSON', 'malformed', token('eyJhbGciOiJIUzI1NiJ9.bm90LWpzb24.c2ln')],
  ['with claims that are a list', 'malformed', token(forge([1, 2]))],
  ['with an expiry that is not a number', 'malformed', token(forge({ exp: 'soon', video: JOIN }))],
  ['that has expired', 'expired', { expiresIn: -1 }],
  ['that expires this second', 'expired', { expiresIn: 0 }],
  ['that is not valid yet', 'not_yet_valid', { notBefore: 90 }],
  ['for another room', 'room_mismatch', { video: { ...JOIN, room: 'elsewhere' } }],
  ['for the room in a different case', 'room_mismatch', { room: 'lobby', video: { ...JOIN, room: 'Lobby' } }],
  [
    'for another identity than the given one',
    'identity_mismatch',
    { transport: { worker_identity: 'somebody' } },
  ],
  [
    'without an identity where one is given',
    'identity_mismatch',
    {
      transport: { worker_identity: 'somebody', worker_token: forge({ video: { ...JOIN, room: 'lobby' } }) },
      room: 'lobby',
    },
  ],
  ['that may not join', 'cannot_join', { video: { roomJoin: false } }],
  ['without a grant to join', 'cannot_join', { video: { canPublish: true } }],
  ['without any grant', 'cannot_join', token(forge({ sub: 'greenroom-worker' }))],
  ['that may not publish', 'cannot_publish', { video: { ...JOIN, canPublish: false } }],
  ['for any room', 'room_mismatch', { video: { ...JOIN, room: '' } }],
  ['without a room', 'room_mismatch', token(forge({ sub: 'greenroom-worker', video: JOIN }))],
  ['of a hidden participant', 'cannot_publish', { video: { ...JOIN, hidden: true } }],
  ['of a recorder', 'cannot_publish', { video: { ...JOIN, recorder: true } }],
  ['that may not publish data', 'cannot_publish', { video: { ...JOIN, canPublishData: false } }],
  [
    'that may not subscribe, for a track',
    'cannot_subscribe',
    { transport: { audio_source: 'track' }, video: { ...JOIN, canSubscribe: false } },
  ],
  ['that may publish no video', 'cannot_publish', { video: { ...JOIN, canPublishSources: ['microphone'] } }],
];

describe('a worker token', () => {
  test.each(faults)('%s is rejected with %s, and nothing is stored', async (_fault, code, fields) => {
    const before = await storedRows(server.database);
    const response = await postSession(server, fields, { headers: { 'Idempotency-Key': 'preflight' } });
    // Also checks that the response contains neither the token nor internals.
    expect(await errorOf(response)).toEqual({
      status: 422,
      code: `worker_token.${code}`,
      param: 'transport.worker_token',
    });
    expect(await storedRows(server.database)).toEqual(before);
  });

  const allowed: [name: string, fields: Fields][] = [
    ['with only a grant to join', { video: JOIN }],
    ['for any identity where none is given', { identity: 'avatar-1' }],
    ['for the given identity', { identity: 'avatar-1', transport: { worker_identity: 'avatar-1' } }],
    ['without an expiry', inRoom('no-expiry', { sub: 'greenroom-worker' })],
    ['valid since this moment', { notBefore: 0 }],
    ['valid in half a minute', { notBefore: 30 }],
    [
      'that may publish only camera and microphone',
      { video: { ...JOIN, canPublishSources: ['camera', 'microphone'] } },
    ],
    [
      'with unknown grants and claims',
      inRoom('unknown-claims', {
        video: { ...JOIN, room: 'unknown-claims', roomAdmin: true },
        sip: {},
        name: 'x',
      }),
    ],
  ];

  test.each(allowed)('%s is accepted', async (_name, fields) => {
    expect((await postSession(server, fields)).status).toBe(201);
  });

  test('with several errors is always rejected for the same one', async () => {
    const fields = { expiresIn: -5, video: { room: 'elsewhere', canPublish: false } };
    for (let count = 0; count < 3; count += 1) {
      expect(await errorOf(await postSession(server, fields))).toMatchObject({
        code: 'worker_token.expired',
      });
    }
  });
});
