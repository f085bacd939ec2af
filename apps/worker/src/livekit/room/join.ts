import type { LocalParticipant, Room, RoomOptions } from '@livekit/rtc-node';

import { within } from '../with-timeout.ts';
import { RoomError } from './room-error.ts';

const JOIN_MS = 10_000;
const VALIDATE_MS = 5_000;
/** Of one utterance: more than ten minutes of speech at 48 kHz. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024;

/**
 * Joins the room, subscribing to nothing.
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
    await within(JOIN_MS, room.connect(url, token, options));
    if (room.localParticipant !== undefined) return room.localParticipant;
    throw new Error('Connected without a participant');
  } catch {
    // The library does not say which it was, and its message may hold the token.
    throw (await isRejected(url, token))
      ? new RoomError('room.token_rejected', 'The LiveKit server refused the worker token.')
      : new RoomError('room.unreachable', 'The LiveKit server could not be reached.');
  }
}

/** Asks the server about the token, as LiveKit's own clients do when a connection fails. */
async function isRejected(url: string, token: string): Promise<boolean> {
  const validate = new URL(url);
  validate.protocol = validate.protocol.replace('ws', 'http');
  validate.pathname = `${validate.pathname.replace(/\/$/, '')}/rtc/validate`;
  try {
    const { status } = await fetch(validate, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(VALIDATE_MS),
    });
    return status === 401 || status === 403;
  } catch {
    return false;
  }
}
