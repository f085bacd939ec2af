import type { LocalParticipant, Room, RoomOptions } from '@livekit/rtc-node';

import { PerformanceError } from '../avatar/performance-error.ts';
import { TimeoutError, withTimeout } from '../avatar/with-timeout.ts';

const JOIN_TIMEOUT_MS = 10_000;
const VALIDATE_TIMEOUT_MS = 5_000;
/** A stream may last as long as a session. The queue limits the buffer. */
const MAX_STREAM_BYTES = Number.MAX_SAFE_INTEGER;

/**
 * Joins the room without subscribing to any track.
 *
 * @throws {PerformanceError} `room.unreachable` or `room.token_rejected`
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
  } catch (error) {
    // The library's error does not distinguish the cases, and its message may contain the token.
    throw joinError(await validate(url, token), error instanceof TimeoutError);
  }
}

/**
 * Returns the status of the endpoint that LiveKit's clients query when they fail to connect; null without a response.
 */
async function validate(url: string, token: string): Promise<number | null> {
  const endpoint = new URL(url);
  endpoint.protocol = endpoint.protocol.replace('ws', 'http');
  endpoint.pathname = `${endpoint.pathname.replace(/\/$/, '')}/rtc/validate`;
  try {
    const { status } = await fetch(endpoint, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(VALIDATE_TIMEOUT_MS),
    });
    return status;
  } catch {
    return null;
  }
}

function joinError(status: number | null, hasTimedOut: boolean): PerformanceError {
  if (status === 401 || status === 403) {
    return new PerformanceError('room.token_rejected', 'The LiveKit server rejected the worker token.');
  }
  return new PerformanceError('room.unreachable', reasonOf(status, hasTimedOut));
}

function reasonOf(status: number | null, hasTimedOut: boolean): string {
  if (status === 404) {
    return 'The LiveKit server has no such room. Create the room first, or let the server create rooms.';
  }
  if (status !== 200) return 'The LiveKit server could not be reached.';
  return hasTimedOut
    ? 'The LiveKit server accepted the token, but its media ports do not respond. Open its UDP ports, or 7881/TCP.'
    : 'The LiveKit server accepted the token but let no participant join. The room may be full.';
}
