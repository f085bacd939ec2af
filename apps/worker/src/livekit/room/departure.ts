import { DisconnectReason } from '@livekit/rtc-node';

import type { EndReason } from '../../runtime.ts';
import { RoomError } from './room-error.ts';

/** Hanging up is no failure. */
const ENDS: Partial<Record<DisconnectReason, EndReason>> = {
  [DisconnectReason.PARTICIPANT_REMOVED]: 'worker.removed',
  [DisconnectReason.ROOM_DELETED]: 'room.deleted',
  [DisconnectReason.ROOM_CLOSED]: 'room.closed',
};

const MESSAGES: Partial<Record<DisconnectReason, string>> = {
  [DisconnectReason.DUPLICATE_IDENTITY]: 'Another participant joined the room with the worker’s identity.',
  [DisconnectReason.SERVER_SHUTDOWN]: 'The LiveKit server was shut down.',
};

/** Returns why a room that the worker did not leave is over: a reason to end, or a failure. */
export function departure(reason: DisconnectReason): EndReason | RoomError {
  return (
    ENDS[reason] ??
    new RoomError(
      'room.disconnected',
      MESSAGES[reason] ?? 'The connection to the room was lost and did not come back.',
    )
  );
}
