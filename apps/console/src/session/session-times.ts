import { lifecycle } from '@greenroom/contract';

import type { Session } from '../api/queries.ts';

/** Returns whether a session is not over yet. An unknown status, from a newer server, counts as over. */
export function isLive({ status }: Pick<Session, 'status'>): boolean {
  return lifecycle.live.some((live) => live === status);
}

/** Returns the seconds from the first video frame to the end, or to `nowMs`; null while there is no frame. */
export function performedSeconds(session: Session, nowMs: number): number | null {
  const { first_frame_at: start, ended_at, failed_at } = session;
  if (start === null) return null;
  const end = ended_at ?? failed_at;
  return Math.max(0, ((end === null ? nowMs : Date.parse(end)) - Date.parse(start)) / 1_000);
}

/** Returns where the session takes place, in words: a room, or the kind of its transport. */
export function placeOf({ transport }: Session): string {
  return 'room_name' in transport && typeof transport.room_name === 'string'
    ? transport.room_name
    : transport.type;
}
