import type { LocalParticipant, Room, RoomOptions } from '@livekit/rtc-node';

import { withTimeout } from '../with-timeout.ts';
import { RoomError } from './room-error.ts';

const JOIN_TIMEOUT_MS = 10_000;
const VALIDATE_TIMEOUT_MS = 5_000;
/** A stream may last as long as a session. What it may buffer is limited elsewhere. */
const MAX_STREAM_BYTES = Number.MAX_SAFE_INTEGER;

/**
 * Joins the room without subscribing to any track.
 *
 * @throws {RoomError} `room.unreachable` or `room.token_rejected`
 */
export async function join(room: Room, url: string, token: string): Promise<LocalParticipant> {
  const options: RoomOptions = {
    autoSubscribe: false,
    dynacast: false,
    dataStream: { maxPayloadByteLength: MAX_STREAM_BYTES },
  };
  try {
    await withTimeout(JOIN_TIMEOUT_MS, room.connect(url, token, options));
    if (room.localParticipant !== undefined) return room.localParticipant;
    throw new Error('Connected without a participant');
  } catch {
    // The library's error does not tell the two cases apart, and its message may contain the token.
    throw (await isRejected(url, token))
      ? new RoomError('room.token_rejected', 'The LiveKit server refused the worker token.')
      : new RoomError('room.unreachable', 'The LiveKit server could not be reached.');
  }
}

/** Returns whether the server rejects the token. LiveKit's clients use the same endpoint when they fail to connect. */
async function isRejected(url: string, token: string): Promise<boolean> {
  const validate = new URL(url);
  validate.protocol = validate.protocol.replace('ws', 'http');
  validate.pathname = `${validate.pathname.replace(/\/$/, '')}/rtc/validate`;
  try {
    const { status } = await fetch(validate, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(VALIDATE_TIMEOUT_MS),
    });
    return status === 401 || status === 403;
  } catch {
    return false;
  }
}
