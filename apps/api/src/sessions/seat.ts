import { createHash } from 'node:crypto';

/** An identity in a room of a LiveKit server: LiveKit lets one participant hold it at a time. */
export interface Seat {
  url: string;
  roomName: string;
  workerIdentity: string;
}

/** Fixed in length however long the names are, so that a unique index can hold it. */
export function hashSeat({ url, roomName, workerIdentity }: Seat): Uint8Array<ArrayBuffer> {
  const server = new URL(url).href;
  return new Uint8Array(
    createHash('sha256')
      .update(JSON.stringify([server, roomName, workerIdentity]))
      .digest(),
  );
}
