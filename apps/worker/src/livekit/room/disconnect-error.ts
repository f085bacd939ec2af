import { DisconnectReason } from '@livekit/rtc-node';

import { RoomError } from './room-error.ts';

const MESSAGES: Partial<Record<DisconnectReason, string>> = {
  [DisconnectReason.DUPLICATE_IDENTITY]: 'Another participant joined the room with the worker’s identity.',
  [DisconnectReason.PARTICIPANT_REMOVED]: 'The worker was removed from the room.',
  [DisconnectReason.ROOM_DELETED]: 'The room was deleted.',
  [DisconnectReason.ROOM_CLOSED]: 'The room was closed.',
  [DisconnectReason.SERVER_SHUTDOWN]: 'The LiveKit server was shut down.',
};

/** Returns the error of a room that was lost without the worker leaving it. */
export function disconnectError(reason: DisconnectReason): RoomError {
  return new RoomError(
    'room.disconnected',
    MESSAGES[reason] ?? 'The connection to the room was lost and could not be restored.',
  );
}
