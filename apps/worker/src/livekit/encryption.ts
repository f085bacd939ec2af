import { EncryptionType, RoomEvent, type Room, type TrackPublication } from '@livekit/rtc-node';

import { PerformanceError } from '../avatar/performance-error.ts';

/** Calls `onEncrypted` when a participant publishes an encrypted track. */
export function watchEncryption(room: Room, onEncrypted: (error: PerformanceError) => void): void {
  room.on(RoomEvent.TrackPublished, (publication) => {
    if (isEncrypted(publication)) onEncrypted(encryptedRoom());
  });
}

/** @throws {PerformanceError} `room.unreachable` when a participant publishes an encrypted track */
export function requireUnencrypted(room: Room): void {
  for (const { trackPublications } of room.remoteParticipants.values()) {
    if ([...trackPublications.values()].some(isEncrypted)) throw encryptedRoom();
  }
}

/** Returns whether all tracks of other participants are encrypted. */
export function isEncryptedRoom({ remoteParticipants }: Room): boolean {
  const participants = [...remoteParticipants.values()];
  return participants.flatMap(({ trackPublications }) => [...trackPublications.values()]).every(isEncrypted);
}

function isEncrypted({ encryptionType }: TrackPublication): boolean {
  return encryptionType !== undefined && encryptionType !== EncryptionType.NONE;
}

function encryptedRoom(): PerformanceError {
  return new PerformanceError(
    'room.unreachable',
    'The room is encrypted end to end, which avatars do not support. Join it without encryption.',
  );
}
