import type { Schemas } from '@greenroom/client';

let rooms = 0;

/** Returns a request body for a test session in a new room. */
export function sessionCreate(fields: Partial<Schemas['SessionCreate']> = {}): Schemas['SessionCreate'] {
  const room = `bench-${(rooms += 1)}`;
  const transport = {
    type: 'livekit' as const,
    url: 'wss://rooms.example.com',
    room_name: room,
    worker_token: workerToken(room),
  };
  return { avatar_id: 'av_stock_001', transport, ...fields };
}

/** Test sessions join no room, so the signature of the token need not be valid. */
function workerToken(room: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    sub: 'greenroom-worker',
    exp: Math.floor(Date.now() / 1000) + 3600,
    video: { roomJoin: true, room },
  };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}
