import type { ErrorCode } from '@greenroom/contract';
import type { JWTPayload } from 'jose';
import { decodeProtectedHeader } from 'jose/decode/protected_header';
import { decodeJwt } from 'jose/jwt/decode';

import { ApiError } from '../http/api-error.ts';

/** What the token must allow, from the session that is asked for. */
export interface TokenExpectations {
  roomName: string;
  /** Only when the caller named one: else the token's own identity is what the worker gets. */
  workerIdentity: string | null;
}

/** The grants that bear on us; see LiveKit's documentation of access tokens. */
interface VideoGrant {
  room?: unknown;
  roomJoin?: unknown;
  canPublish?: unknown;
  canPublishSources?: unknown;
}

/** RFC 7515, section 7.1. The decoder looks at one part at a time, and not at the signature. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const PARAM = 'transport.worker_token';

/**
 * Refuses a LiveKit token with which the worker could not join the room and publish. It is decoded, not
 * verified: the room is the customer's, and we hold no secret of it.
 *
 * @throws {ApiError} 422 with a code for each fault
 */
export function checkWorkerToken(token: string, expected: TokenExpectations, now: Date): void {
  const payload = decoded(token);
  const seconds = now.getTime() / 1000;
  const video: VideoGrant = isRecord(payload['video']) ? payload['video'] : {};
  if (payload.exp !== undefined && payload.exp <= seconds) {
    refuse('worker_token.expired', `The token expired at ${instant(payload.exp)}. Mint a new one.`);
  }
  if (payload.nbf !== undefined && payload.nbf > seconds) {
    refuse(
      'worker_token.not_yet_valid',
      `The token is not valid before ${instant(payload.nbf)}. Check the clock that minted it.`,
    );
  }
  if (isNamed(video.room) && video.room !== expected.roomName) {
    refuse(
      'worker_token.room_mismatch',
      `The token's video.room grant names another room than transport.room_name. Mint it for ${quoted(expected.roomName)}.`,
    );
  }
  if (expected.workerIdentity !== null && payload.sub !== expected.workerIdentity) {
    refuse(
      'worker_token.identity_mismatch',
      `The token's identity (sub) is not transport.worker_identity. Mint it for ${quoted(expected.workerIdentity)}, or leave worker_identity out.`,
    );
  }
  if (video.roomJoin !== true) {
    refuse('worker_token.cannot_join', 'The token has no roomJoin grant. Mint it with roomJoin: true.');
  }
  if (!mayPublish(video)) {
    refuse(
      'worker_token.cannot_publish',
      'The token may not publish camera and microphone. Mint it with canPublish: true and without narrower canPublishSources.',
    );
  }
}

function decoded(token: string): JWTPayload {
  try {
    if (!COMPACT.test(token)) throw new TypeError('not in compact form');
    decodeProtectedHeader(token);
    const payload = decodeJwt(token);
    for (const claim of ['exp', 'nbf'] as const) {
      if (payload[claim] !== undefined && !Number.isFinite(payload[claim]))
        throw new TypeError(`${claim} is not a number`);
    }
    return payload;
  } catch {
    // What the decoder says could quote the token.
    return refuse(
      'worker_token.malformed',
      "The token is not a JSON Web Token. Pass the string that LiveKit's AccessToken.toJwt() gives.",
    );
  }
}

/** Absent is allowed: LiveKit's default. */
function mayPublish({ canPublish, canPublishSources }: VideoGrant): boolean {
  if (canPublish === false) return false;
  if (!Array.isArray(canPublishSources) || canPublishSources.length === 0) return true;
  const sources = canPublishSources.map((source) => String(source).toLowerCase());
  return sources.includes('camera') && sources.includes('microphone');
}

/** LiveKit reads an empty room grant as none. */
function isNamed(room: unknown): boolean {
  return room !== undefined && room !== null && room !== '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'a time beyond the calendar' : date.toISOString();
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function refuse(code: ErrorCode, message: string): never {
  throw new ApiError(code, { message, param: PARAM });
}
