import { limits, type AudioSource } from '@greenroom/contract';
import type { JWTPayload } from 'jose';
import { decodeProtectedHeader } from 'jose/decode/protected_header';
import { decodeJwt } from 'jose/jwt/decode';

import { isObject } from '../common/is-object.ts';
import { ApiError } from '../errors/api-error.ts';
import { truncate } from '../errors/message-text.ts';
import { isStorable } from '../http/body/postgres-text.ts';

/** The requirements of a session on its worker token. */
export interface TokenExpectations {
  roomName: string;
  /** Null when the caller gave none: then the worker has the token's identity. */
  workerIdentity: string | null;
  audioSource: AudioSource;
}

/** The grants that a worker depends on; see LiveKit's documentation of access tokens. */
interface VideoGrant {
  room?: unknown;
  roomJoin?: unknown;
  canPublish?: unknown;
  canPublishSources?: unknown;
  canPublishData?: unknown;
  canSubscribe?: unknown;
  hidden?: unknown;
  recorder?: unknown;
}

/** LiveKit's own leeway for `nbf` (its `auth/verifier.go`); RFC 7519, section 4.1.5, allows a small one. */
const NOT_BEFORE_LEEWAY_SECONDS = 60;

/** RFC 7515, section 7.1. The decoder ignores the signature and the number of parts. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** The attribute by which LiveKit Agents names the agent that an avatar worker publishes for. */
const ACTS_FOR = 'lk.publish_on_behalf';
/** The end of the year 9999. */
const LAST_SECOND = 253_402_300_799;
const PARAM = 'transport.worker_token';
const MAX_IDENTITY_LENGTH = limits.LiveKitTransport.worker_identity.maxLength;

/** A decoded LiveKit token. It is not verified, because the server does not have the secret of the customer's room. */
export interface WorkerToken {
  /** The participant's identity (`sub`); null when the token has none. */
  identity: string | null;
  /** Null when it does not expire. */
  expiresAt: Date | null;
  /** The participant that the worker acts for, such as an agent; null when the token names none. */
  actsFor: string | null;
  payload: JWTPayload;
}

/**
 * Checks that a worker could join the room with this token and publish.
 *
 * @throws {ApiError} 422 with a separate code for each error
 */
export function checkWorkerToken({ payload }: WorkerToken, expected: TokenExpectations, now: Date): void {
  const seconds = now.getTime() / 1000;
  const video: VideoGrant = isObject(payload['video']) ? payload['video'] : {};
  if (payload.exp !== undefined && payload.exp <= seconds) {
    const values = { expired_at: instant(payload.exp) };
    throw new ApiError('worker_token.expired', { values, param: PARAM });
  }
  if (payload.nbf !== undefined && payload.nbf > seconds + NOT_BEFORE_LEEWAY_SECONDS) {
    const values = { valid_from: instant(payload.nbf) };
    throw new ApiError('worker_token.not_yet_valid', { values, param: PARAM });
  }
  if (video.roomJoin !== true) throw new ApiError('worker_token.cannot_join', { param: PARAM });
  if (video.room !== expected.roomName) throw roomMismatch(video, expected);
  if (expected.workerIdentity !== null && payload.sub !== expected.workerIdentity) {
    const values = { identity: inQuotes(expected.workerIdentity) };
    throw new ApiError('worker_token.identity_mismatch', { values, param: PARAM });
  }
  requirePublishing(video, expected.audioSource);
  if (expected.audioSource === 'track' && video.canSubscribe === false) {
    throw new ApiError('worker_token.cannot_subscribe', { param: PARAM });
  }
}

function roomMismatch({ room: named }: VideoGrant, { roomName }: TokenExpectations): ApiError {
  const room = inQuotes(roomName);
  if (typeof named !== 'string' || named === '') {
    return new ApiError('worker_token.room_mismatch', { situation: 'none', values: { room }, param: PARAM });
  }
  const values = { token_room: inQuotes(named), room };
  return new ApiError('worker_token.room_mismatch', { situation: 'other', values, param: PARAM });
}

function requirePublishing(video: VideoGrant, audioSource: AudioSource): void {
  if (!mayPublish(video)) {
    throw new ApiError('worker_token.cannot_publish', { situation: 'sources', param: PARAM });
  }
  for (const grant of ['hidden', 'recorder'] as const) {
    if (video[grant] !== true) continue;
    throw new ApiError('worker_token.cannot_publish', {
      situation: 'unseen',
      values: { grant },
      param: PARAM,
    });
  }
  if (audioSource === 'data_stream' && video.canPublishData === false) {
    throw new ApiError('worker_token.cannot_publish', { situation: 'data', param: PARAM });
  }
}

/**
 * Decodes a token.
 *
 * @throws {ApiError} 422 `worker_token.malformed`
 */
export function decodeWorkerToken(token: string): WorkerToken {
  try {
    if (!COMPACT.test(token)) throw new TypeError('not in compact form');
    decodeProtectedHeader(token);
    const payload = decodeJwt(token);
    for (const claim of ['exp', 'nbf'] as const) {
      if (payload[claim] !== undefined && !Number.isFinite(payload[claim])) {
        throw new TypeError(`${claim} is not a number`);
      }
    }
    return {
      identity: identityOf(payload),
      expiresAt: expiryOf(payload),
      actsFor: actsFor(payload),
      payload,
    };
  } catch {
    // The decoder's message could quote the token.
    const situation = /^bearer\b/i.test(token) ? 'bearer' : 'default';
    throw new ApiError('worker_token.malformed', { situation, param: PARAM });
  }
}

function identityOf({ sub }: JWTPayload): string | null {
  if (sub === undefined || sub === '') return null;
  if (typeof sub === 'string' && sub.length <= MAX_IDENTITY_LENGTH && isStorable(sub)) return sub;
  throw new TypeError('sub is not an identity');
}

/** Returns null when it is absent, or beyond the years that a database stores. */
function expiryOf({ exp }: JWTPayload): Date | null {
  return exp === undefined || exp > LAST_SECOND ? null : new Date(exp * 1000);
}

/** Returns null when the attribute is empty or not an identity. */
function actsFor({ attributes }: JWTPayload): string | null {
  const identity = isObject(attributes) ? attributes[ACTS_FOR] : undefined;
  if (typeof identity !== 'string' || identity === '' || identity.length > MAX_IDENTITY_LENGTH) return null;
  return isStorable(identity) ? identity : null;
}

/** Grants that are absent allow publishing, as LiveKit's default does. */
function mayPublish({ canPublish, canPublishSources }: VideoGrant): boolean {
  if (canPublish === false) return false;
  if (!Array.isArray(canPublishSources) || canPublishSources.length === 0) return true;
  const sources = canPublishSources.map((source) => String(source).toLowerCase());
  return sources.includes('camera') && sources.includes('microphone');
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'a time beyond the calendar' : date.toISOString();
}

function inQuotes(text: string): string {
  return JSON.stringify(truncate(text));
}
