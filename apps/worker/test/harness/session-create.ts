import type { Schemas } from '@greenroom/client';

let rooms = 0;

/** A body that `sessions.create` accepts, in a room of its own; its simulated run lasts 11 s. */
export function sessionCreate(fields: Partial<Schemas['SessionCreate']> = {}): Schemas['SessionCreate'] {
  const room = `room-${process.pid}-${(rooms += 1)}`;
  const transport = {
    type: 'livekit' as const,
    url: 'wss://rooms.example.com',
    room_name: room,
    worker_token: workerToken(room),
  };
  return { avatar_id: 'av_stock_001', transport, idle_timeout_seconds: 1, ...fields };
}

/** A LiveKit token as far as the server can tell: it holds no secret that could verify one. */
function workerToken(room: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const grants = { roomJoin: true, room, canPublish: true, canSubscribe: true };
  const claims = { sub: 'greenroom-worker', exp: Math.floor(Date.now() / 1000) + 600, video: grants };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}
