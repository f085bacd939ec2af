import { createHash } from 'node:crypto';

/** An identity in a room of a LiveKit server, which LiveKit gives to one participant at a time. */
export interface ParticipantSlot {
  url: string;
  roomName: string;
  workerIdentity: string;
}

/** Returns a hash of the slot, whose length fits an index however long the names are. */
export function hashParticipantSlot({
  url,
  roomName,
  workerIdentity,
}: ParticipantSlot): Uint8Array<ArrayBuffer> {
  const server = new URL(url).href;
  return new Uint8Array(
    createHash('sha256')
      .update(JSON.stringify([server, roomName, workerIdentity]))
      .digest(),
  );
}
