import type { AudioSource } from '@greenroom/contract';
import { describe, expect, test } from '@jest/globals';

import type { ApiError } from '../errors/api-error.ts';
import { checkWorkerToken, decodeWorkerToken } from './worker-token.ts';

const NOW = new Date('2026-03-15T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const EXPECTED = {
  roomName: 'lobby',
  workerIdentity: null as string | null,
  audioSource: 'data_stream' as AudioSource,
};

function token(payload: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(payload)}.signature`;
}

function errorOf(text: string, expected = EXPECTED): string | null {
  try {
    checkWorkerToken(decodeWorkerToken(text), expected, NOW);
    return null;
  } catch (error) {
    const { param, code, message } = error as ApiError;
    expect(param).toBe('transport.worker_token');
    for (const part of text.split('.').filter(({ length }) => length > 10)) {
      expect(message).not.toContain(part);
    }
    return code;
  }
}

const video = { roomJoin: true, room: 'lobby' };
const good = { sub: 'greenroom-worker', exp: SECONDS + 60, video };

test('a token with which a worker can join and publish is valid', () => {
  expect(errorOf(token(good))).toBeNull();
  expect(errorOf(token(good), { ...EXPECTED, workerIdentity: 'greenroom-worker' })).toBeNull();
});

describe('a grant that is absent where LiveKit’s default allows it is valid', () => {
  test.each([
    ['canPublish', video],
    ['canPublishSources', { ...video, canPublish: true }],
    ['empty canPublishSources', { ...video, canPublishSources: [] }],
    ['canPublishSources with both', { ...video, canPublishSources: ['camera', 'MICROPHONE'] }],
  ])('%s', (_name, grants) => {
    expect(errorOf(token({ ...good, video: grants }))).toBeNull();
  });
});

describe('each error has a separate code', () => {
  test.each([
    ['worker_token.malformed', 'no-token-at-all'],
    ['worker_token.malformed', ''],
    ['worker_token.malformed', 'a.b.c'],
    ['worker_token.malformed', `${token(good)}.more`],
    ['worker_token.malformed', token([])],
    ['worker_token.malformed', token({ ...good, exp: 'tomorrow' })],
    ['worker_token.malformed', token({ ...good, nbf: null })],
    ['worker_token.malformed', token({ ...good, sub: 5 })],
    ['worker_token.malformed', token({ ...good, sub: 'x'.repeat(256) })],
    ['worker_token.malformed', token({ ...good, sub: 'a\u0000b' })],
    ['worker_token.expired', token({ ...good, exp: SECONDS })],
    ['worker_token.expired', token({ ...good, exp: -1e300 })],
    ['worker_token.not_yet_valid', token({ ...good, nbf: SECONDS + 61 })],
    ['worker_token.not_yet_valid', token({ ...good, nbf: 1e300 })],
    ['worker_token.room_mismatch', token({ ...good, video: { ...video, room: 'Lobby' } })],
    ['worker_token.room_mismatch', token({ ...good, video: { ...video, room: 5 } })],
    // LiveKit would create a room without a name, which all customers of one server would share.
    ['worker_token.room_mismatch', token({ ...good, video: { roomJoin: true } })],
    ['worker_token.room_mismatch', token({ ...good, video: { roomJoin: true, room: '' } })],
    ['worker_token.room_mismatch', token({ ...good, video: { roomJoin: true, roomName: 'lobby' } })],
    ['worker_token.cannot_join', token({ ...good, video: { room: 'lobby' } })],
    ['worker_token.cannot_join', token({ ...good, video: { ...video, roomJoin: 'true' } })],
    ['worker_token.cannot_join', token({ ...good, video: undefined })],
    ['worker_token.cannot_join', token({ ...good, video: [] })],
    ['worker_token.cannot_publish', token({ ...good, video: { ...video, canPublish: false } })],
    [
      'worker_token.cannot_publish',
      token({ ...good, video: { ...video, canPublishSources: ['microphone'] } }),
    ],
    ['worker_token.cannot_publish', token({ ...good, video: { ...video, hidden: true } })],
    ['worker_token.cannot_publish', token({ ...good, video: { ...video, recorder: true } })],
    ['worker_token.cannot_publish', token({ ...good, video: { ...video, canPublishData: false } })],
  ])('%s: %s', (code, text) => {
    expect(errorOf(text)).toBe(code);
  });

  test.each([0, 1, 2, 30, 59, 60])(
    'a token that is valid %i s from now is accepted, as LiveKit does',
    (ahead) => {
      expect(errorOf(token({ ...good, nbf: SECONDS + ahead }))).toBeNull();
    },
  );

  test('the grants that a token needs depend on the audio source', () => {
    const track = { ...EXPECTED, audioSource: 'track' as const };
    const mute = token({ ...good, video: { ...video, canPublishData: false } });
    const deaf = token({ ...good, video: { ...video, canSubscribe: false } });
    expect(errorOf(mute, track)).toBeNull();
    expect(errorOf(deaf)).toBeNull();
    expect(errorOf(deaf, track)).toBe('worker_token.cannot_subscribe');
  });

  test('a room mismatch names both rooms', () => {
    const other = token({ ...good, video: { ...video, room: 'support-4712' } });
    expect(() => {
      checkWorkerToken(decodeWorkerToken(other), EXPECTED, NOW);
    }).toThrow('The token is for room "support-4712", but the session is for room "lobby".');
  });

  test('an identity is compared only when one is given', () => {
    expect(errorOf(token({ ...good, sub: 'somebody' }))).toBeNull();
    expect(errorOf(token({ ...good, sub: 'somebody' }), { ...EXPECTED, workerIdentity: 'me' })).toBe(
      'worker_token.identity_mismatch',
    );
    expect(errorOf(token({ ...good, sub: undefined }), { ...EXPECTED, workerIdentity: 'me' })).toBe(
      'worker_token.identity_mismatch',
    );
  });
});
