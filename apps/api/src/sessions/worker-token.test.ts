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

function faultOf(text: string, expected = EXPECTED): string | null {
  try {
    checkWorkerToken(decodeWorkerToken(text), expected, NOW);
    return null;
  } catch (error) {
    const { status, param, code, message } = error as ApiError;
    expect({ status, param }).toEqual({ status: 422, param: 'transport.worker_token' });
    for (const part of text.split('.').filter(({ length }) => length > 10))
      expect(message).not.toContain(part);
    return code;
  }
}

const video = { roomJoin: true, room: 'lobby' };
const good = { sub: 'greenroom-worker', exp: SECONDS + 60, video };

test('a token with which a worker can join and publish has no fault', () => {
  expect(faultOf(token(good))).toBeNull();
  expect(faultOf(token(good), { ...EXPECTED, workerIdentity: 'greenroom-worker' })).toBeNull();
});

describe('a grant that is absent where LiveKit’s default allows it is no fault', () => {
  test.each([
    ['canPublish', video],
    ['canPublishSources', { ...video, canPublish: true }],
    ['empty canPublishSources', { ...video, canPublishSources: [] }],
    ['canPublishSources with both', { ...video, canPublishSources: ['camera', 'MICROPHONE'] }],
  ])('%s', (_name, grants) => {
    expect(faultOf(token({ ...good, video: grants }))).toBeNull();
  });
});

describe('each fault has its own code', () => {
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
    // LiveKit would create a room without a name, and customers of one server would meet in it.
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
    expect(faultOf(text)).toBe(code);
  });

  test.each([0, 1, 2, 30, 59, 60])(
    'a token that is valid %i s from now is accepted, as LiveKit does',
    (ahead) => {
      expect(faultOf(token({ ...good, nbf: SECONDS + ahead }))).toBeNull();
    },
  );

  test('what a token must allow depends on where the audio comes from', () => {
    const track = { ...EXPECTED, audioSource: 'track' as const };
    const mute = token({ ...good, video: { ...video, canPublishData: false } });
    const deaf = token({ ...good, video: { ...video, canSubscribe: false } });
    expect(faultOf(mute, track)).toBeNull();
    expect(faultOf(deaf)).toBeNull();
    expect(faultOf(deaf, track)).toBe('worker_token.cannot_subscribe');
  });

  test('a room mismatch names both rooms', () => {
    const other = token({ ...good, video: { ...video, room: 'support-4712' } });
    expect(() => {
      checkWorkerToken(decodeWorkerToken(other), EXPECTED, NOW);
    }).toThrow('The token is for room "support-4712", the session for "lobby".');
  });

  test('an identity is compared only where one was named', () => {
    expect(faultOf(token({ ...good, sub: 'somebody' }))).toBeNull();
    expect(faultOf(token({ ...good, sub: 'somebody' }), { ...EXPECTED, workerIdentity: 'me' })).toBe(
      'worker_token.identity_mismatch',
    );
    expect(faultOf(token({ ...good, sub: undefined }), { ...EXPECTED, workerIdentity: 'me' })).toBe(
      'worker_token.identity_mismatch',
    );
  });
});
