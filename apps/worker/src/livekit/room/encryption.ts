import { EncryptionType, RoomEvent, type Room, type TrackPublication } from '@livekit/rtc-node';

import { RoomError } from './room-error.ts';

/** Calls `onEncrypted` when a participant publishes an encrypted track. */
export function watchEncryption(room: Room, onEncrypted: (error: RoomError) => void): void {
  room.on(RoomEvent.TrackPublished, (publication) => {
    if (isEncrypted(publication)) onEncrypted(encryptedRoom());
  });
}

/** @throws {RoomError} `room.unreachable` when a participant publishes an encrypted track */
export function requireUnencrypted(room: Room): void {
  for (const { trackPublications } of room.remoteParticipants.values()) {
    if ([...trackPublications.values()].some(isEncrypted)) throw encryptedRoom();
  }
}

function isEncrypted({ encryptionType }: TrackPublication): boolean {
  return encryptionType !== undefined && encryptionType !== EncryptionType.NONE;
}

function encryptedRoom(): RoomError {
  return new RoomError(
    'room.unreachable',
    'The room is encrypted end to end, which avatars do not support. Join it without encryption.',
  );
}
