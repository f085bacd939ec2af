import { DisconnectReason } from '@livekit/rtc-node';

import { PerformanceError } from '../avatar/performance-error.ts';
import type { EndReason } from '../runtime.ts';

/** Hanging up is not a failure. */
const ENDS: Partial<Record<DisconnectReason, EndReason>> = {
  [DisconnectReason.PARTICIPANT_REMOVED]: 'worker.removed',
  [DisconnectReason.ROOM_DELETED]: 'room.deleted',
  [DisconnectReason.ROOM_CLOSED]: 'room.closed',
};

const MESSAGES: Partial<Record<DisconnectReason, string>> = {
  [DisconnectReason.DUPLICATE_IDENTITY]: 'Another participant joined the room with the worker’s identity.',
  [DisconnectReason.SERVER_SHUTDOWN]: 'The LiveKit server was shut down.',
};

/** Returns the outcome of a disconnection that the worker did not request: the reason of a normal end, or an error. */
export function outcomeOfDisconnect(reason: DisconnectReason): EndReason | PerformanceError {
  return (
    ENDS[reason] ??
    new PerformanceError(
      'room.disconnected',
      MESSAGES[reason] ?? 'The connection to the room was lost and could not be restored.',
    )
  );
}
